"""The commands of `baotong`, one file an area: each parses, calls one function below, and answers."""
