"""A checkpoint's sealing key is its own, always the same, and a good one."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from passes.checkpoint.sealing import sealing_key
from passes.tokens.front_door import decode_base64url

SECRET = b"of the office" * 3


def number(key, name):
    return int.from_bytes(decode_base64url(key[name]))


def test_a_checkpoints_key_is_always_the_same_and_no_other_checkpoints():
    key = sealing_key(SECRET, "north")
    assert key == sealing_key(SECRET, "north")
    assert key["d"] not in {sealing_key(SECRET, "south")["d"], sealing_key(b"another", "north")["d"]}


def test_its_public_half_lies_on_the_curve_and_belongs_to_the_other():
    key = sealing_key(SECRET, "north")
    public = ec.EllipticCurvePublicNumbers(number(key, "x"), number(key, "y"), ec.SECP256R1()).public_key()
    assert ec.derive_private_key(number(key, "d"), ec.SECP256R1()).public_key() == public
