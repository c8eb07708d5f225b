"""The way of messages out of the house: their words, the request that carries them, and who sends them."""
