"""Customizable contraction hierarchy: a search that takes any closures into account within a millisecond."""
