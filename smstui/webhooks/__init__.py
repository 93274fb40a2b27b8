"""Webhooks: what they are, how their callers are known, and what comes in by them."""
