"""One room per vendor: its credential model and its wire format, side by side."""
