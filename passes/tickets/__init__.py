"""Tickets of supervision: raised from findings, handled by their unit, closed by another."""
