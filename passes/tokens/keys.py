"""Keys that sign and verify: P-256 only, named by their own thumbprint, read from JWK strictly."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from geodata.errors import BadInputError, SurroundingsError
from passes.errors import RefusedTokenError
from passes.tokens.front_door import ALGORITHM, KID, decode_base64url, encode_base64url

_COORDINATE_BYTES: Final = 32
_KID_LENGTH: Final = 8
_PRIVATE_MEMBERS: Final = ("d", "p", "q", "k")


@dataclass(frozen=True)
class PublicKey:
    """A key that verifies, and the time in which it signs.

    Attributes
    ----------
    kid
        Its name in a token's header.
    x, y
        Coordinates of its point on P-256, 32 bytes each.
    usable_from, retired_at
        It signs from the first to before the second; None: always, not retired.
    """

    kid: str
    x: bytes
    y: bytes
    usable_from: datetime | None = None
    retired_at: datetime | None = None

    @cached_property
    def point(self) -> ec.EllipticCurvePublicKey:
        """The key as the library wants it.

        Raises
        ------
        BadInputError
            `key-not-on-curve`.
        """
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(self.x, "big"), int.from_bytes(self.y, "big"), ec.SECP256R1()
        )
        try:
            return numbers.public_key()
        except ValueError:
            raise BadInputError("key-not-on-curve", self.kid) from None

    def to_jwk(self) -> dict[str, str]:
        """Return the key as a JWK (RFC 7517)."""
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": encode_base64url(self.x),
            "y": encode_base64url(self.y),
            "kid": self.kid,
            "alg": ALGORITHM,
            "use": "sig",
        }


@dataclass(frozen=True)
class SigningKey:
    """A private key with its public half; it never shows itself in a log."""

    public: PublicKey
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def kid(self) -> str:
        """Its name in a token's header."""
        return self.public.kid

    def to_bytes(self) -> bytes:
        """Return the secret number, 32 bytes; only `passes.key_encryption` may see it."""
        return self.private.private_numbers().private_value.to_bytes(_COORDINATE_BYTES, "big")


@dataclass(frozen=True)
class KeyRing:
    """Every signing key of the issuer that is not withdrawn."""

    keys: tuple[SigningKey, ...] = ()

    def current(self, at: datetime) -> SigningKey:
        """Return the key that signs at a time: the newest one usable and not retired.

        A key is published seven days before it signs, so that verifiers have it when they meet it.

        Raises
        ------
        SurroundingsError
            `no-signing-key`.
        """
        usable = [one for one in self.keys if _signs(one.public, at)]
        if not usable:
            raise SurroundingsError("no-signing-key", "keys")
        return max(usable, key=lambda one: (one.public.usable_from or at, one.kid))


def _signs(key: PublicKey, at: datetime) -> bool:
    begun = key.usable_from is None or key.usable_from <= at
    return begun and (key.retired_at is None or at < key.retired_at)


def thumbprint(x: bytes, y: bytes) -> str:
    """Return the JWK thumbprint of a P-256 point (RFC 7638)."""
    written = f'{{"crv":"P-256","kty":"EC","x":"{encode_base64url(x)}","y":"{encode_base64url(y)}"}}'
    return encode_base64url(hashlib.sha256(written.encode()).digest())


def signing_key_of(
    secret: bytes, *, usable_from: datetime | None = None, retired_at: datetime | None = None
) -> SigningKey:
    """Return the key of a secret number; its name is the start of its thumbprint."""
    private = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (number.to_bytes(_COORDINATE_BYTES, "big") for number in (numbers.x, numbers.y))
    return SigningKey(PublicKey(thumbprint(x, y)[:_KID_LENGTH], x, y, usable_from, retired_at), private)


def new_signing_key(*, usable_from: datetime) -> SigningKey:
    """Make a new key from the system's randomness."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return signing_key_of(number.to_bytes(_COORDINATE_BYTES, "big"), usable_from=usable_from)


def read_jwk(document: Any, *, where: str) -> PublicKey:
    """Read one public JWK.

    Raises
    ------
    BadInputError
        `key-not-p256` (another type, curve, algorithm or use), `key-private`, `key-unreadable`, `key-not-on-curve`.
    """
    if not isinstance(document, Mapping):
        raise BadInputError("key-unreadable", where)
    if any(member in document for member in _PRIVATE_MEMBERS):
        raise BadInputError("key-private", where)
    for member, wanted in (("kty", "EC"), ("crv", "P-256"), ("alg", ALGORITHM), ("use", "sig")):
        if document.get(member, "" if member in {"kty", "crv"} else wanted) != wanted:
            raise BadInputError("key-not-p256", f"{where}: {member}", value=str(document.get(member))[:20])
    kid = document.get("kid")
    if not isinstance(kid, str) or not KID.fullmatch(kid):
        raise BadInputError("key-unreadable", f"{where}: kid")
    key = PublicKey(kid, _coordinate(document, "x", where), _coordinate(document, "y", where))
    _ = key.point
    return key


def _coordinate(document: Mapping[str, Any], member: str, where: str) -> bytes:
    """Read one coordinate: exactly 32 bytes of base64url."""
    try:
        data = decode_base64url(str(document.get(member, "")))
    except RefusedTokenError:
        data = b""
    if len(data) != _COORDINATE_BYTES:
        raise BadInputError("key-unreadable", f"{where}: {member}")
    return data
