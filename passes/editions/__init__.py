"""The passes themselves: made, signed, numbered, kept, suspended, withdrawn."""
