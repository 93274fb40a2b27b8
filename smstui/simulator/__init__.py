"""A stand-in for the providers' HTTP APIs on 127.0.0.1, for demos, trials and tests.

``core`` knows time, ids and signed callbacks; ``server`` runs it; each vendor is a folder or file
beside them with a class that has ``routes`` and ``accounts`` (see `core.Vendor`) and one line in
`server.vendors`. Nothing leaves the machine: callbacks go to loopback addresses only.
"""
