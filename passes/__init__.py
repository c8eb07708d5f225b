"""Who may go: whitelist, applications, special passes, tokens and their verification."""
