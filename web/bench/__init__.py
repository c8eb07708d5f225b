"""Measure the routing engine beside others, on the same roads, questions, process and core."""
