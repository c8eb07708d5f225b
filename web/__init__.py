"""People: the `baotong` command, pages, and every sentence a person reads."""
