"""The checkpoint's room: an instruction for the truck that stands there, and what was done with it."""
