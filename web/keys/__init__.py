"""The room of the signing keys: what two people do with them, and what the whole world may fetch of them."""
