"""One room per kind of record: how it is written in a bundle, and how it is taken over."""
