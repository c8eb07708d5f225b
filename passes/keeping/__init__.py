"""How long anything about people is kept: what may go, what open matters still hold, and the record of what went."""
