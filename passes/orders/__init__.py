"""Signed closure orders for the barrier, and the signed checkpoints of the log that they carry."""
