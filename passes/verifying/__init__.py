"""What a verifier holds and says offline: key list, status list, rules, and the verdict with every reason."""
