"""Closures and blockages: the record, its files, its states, the register, and the checks K1 to K7."""
