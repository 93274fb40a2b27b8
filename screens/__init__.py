"""What a person sees: one file per screen; parts used by several in ``widgets``."""
