"""How to get there: closure-aware routes and closed-loop trips. Pure: no clock, file, socket or database."""
