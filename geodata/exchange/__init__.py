"""Closures as other systems exchange them: approved extents go out, what comes in is matched or named."""
