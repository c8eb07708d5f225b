"""What a token is: its strict form, its claims, its signature, its corridor, and the code that carries it."""
