"""Channel configurations: their fields, the checks they go through, and what comes of that."""
