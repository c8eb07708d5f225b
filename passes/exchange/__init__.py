"""Closures as the tables that other offices send and ask for."""
