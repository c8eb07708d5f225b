"""Turns: restrictions as mapped, U-turns, and a search that keeps them."""
