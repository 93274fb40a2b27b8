"""The set-up of an RCS sender: its steps, its checklists, and what each provider lets one do."""
