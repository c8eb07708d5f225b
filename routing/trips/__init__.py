"""Closed-loop trips: ends, stops, sections, checkpoints passed and areas crossed."""
