"""The township's desk: request closures, register barriers that stand, answer for findings."""
