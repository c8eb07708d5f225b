"""Long work in the background: the worker that does it, and the pages that show how far it is."""
