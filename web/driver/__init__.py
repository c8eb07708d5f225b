"""The driver's room: the pass by link, without an account."""
