"""One room per vendor of webhooks: its fields, who may call, what a call says, how to set it up."""
