"""The ways to RCS: one file per provider, and what they share."""
