"""The key that a checkpoint's phones seal with what they have not sent yet: read only by who is signed in there."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from passes.tokens.front_door import ORDER, encode_base64url

_COORDINATE_BYTES: Final = 32


def sealing_key(secret: bytes, checkpoint: str) -> Mapping[str, str]:
    """Return a checkpoint's key as a private JWK: a phone keeps its public half, and is lent the other while signed in.

    Parameters
    ----------
    secret
        Known to the office alone; the same one gives the same key, so that nothing has to be stored.
    """
    drawn = int.from_bytes(hmac.digest(secret, checkpoint.encode(), hashlib.sha512))
    number = drawn % (ORDER - 1) + 1
    public = ec.derive_private_key(number, ec.SECP256R1()).public_key().public_numbers()
    parts = {"x": public.x, "y": public.y, "d": number}
    told = {name: encode_base64url(one.to_bytes(_COORDINATE_BYTES)) for name, one in parts.items()}
    return {"kty": "EC", "crv": "P-256", **told}
