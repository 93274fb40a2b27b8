"""Bundles: environments and their records as one file, to keep or to take to another store.

A bundle holds environments, credentials, webhooks, channel configurations and RCS set-ups. It
holds no events, no consent, no audit trail and no staged secrets: a copy of the store does
(``smstui store backup``).
"""
