"""The next edition of a pass: for a closure that comes in force, for a longer time, for other keys."""
