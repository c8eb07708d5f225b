"""The ways that passes drive: told once, packed, and found by road."""
