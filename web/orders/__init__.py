"""What everybody may know of closures: the approved ones in force, and the order that hangs at a barrier."""
