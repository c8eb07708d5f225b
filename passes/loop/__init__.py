"""Whether a trip's loop was closed: receipt without touch, the check of its track, and its certificate."""
