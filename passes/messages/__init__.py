"""Messages to drivers, and the link by which a driver's phone shows the pass."""
