"""Tickets: findings sent to a responsible unit, resolved by it, and closed only by another (D7, D9)."""
