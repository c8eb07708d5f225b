"""Which roads must stay open: those whose closure alone cuts somebody off, chains of two, and the longest detours."""
