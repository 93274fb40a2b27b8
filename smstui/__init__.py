"""smstui: the engine of a terminal console for administering text messaging."""

__version__ = "0.1.0"
