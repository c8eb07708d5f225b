"""The transport department's room: the morning queue, passes, and the whitelist."""
