"""Signed checkpoints of the history log: what is printed on orders, kept in files, and checked against later.

A checkpoint is a C2SP signed note: origin, size and root of the log, a line each, and the county's signature. A
signature is a key id (the first four bytes of the SHA-256 of the key's SubjectPublicKeyInfo) and an ECDSA signature
of the three lines, P-256 with SHA-256 in DER; whoever has the county's key list can check it without this program.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from geodata.errors import BadInputError
from geodata.ledger.register import read_ledger
from geodata.ledger.tree import Checkpoint, Signature

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county_settings import CountySettings
    from passes.tokens.keys import PublicKey, SigningKey
    from passes.verifying.key_list import KeyList

_KEY_ID_BYTES: Final = 4
_ECDSA: Final = ec.ECDSA(SHA256())


def log_origin(settings: CountySettings) -> str:
    """Return the name of a county's log."""
    return f"baotong.log/{settings.area_code}"


def key_id(key: PublicKey) -> bytes:
    """Return what a signature line calls a key."""
    der = key.point.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()[:_KEY_ID_BYTES]


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> Checkpoint:
    """Return a checkpoint with the county's signature."""
    signature = key_id(key.public) + key.private.sign(checkpoint.body.encode(), _ECDSA)
    return replace(checkpoint, signatures=(Signature(checkpoint.origin, signature),))


def signed_checkpoint(connection: sa.Connection, settings: CountySettings, key: SigningKey) -> Checkpoint:
    """Return the log's state as this transaction sees it, signed: its size, root and signature, and the whole text."""
    return sign_checkpoint(read_ledger(connection).checkpoint(log_origin(settings)), key)


def checkpoint_signer(checkpoint: Checkpoint, keys: KeyList, *, where: str) -> PublicKey:
    """Return the key whose signature holds.

    Raises
    ------
    BadInputError
        `checkpoint-unsigned`, `checkpoint-key-unknown` (also of a key that was withdrawn), or
        `checkpoint-signature-wrong`.
    """
    if not checkpoint.signatures:
        raise BadInputError("checkpoint-unsigned", where)
    known = {key_id(key): key for key in keys.keys.values()}
    own = [(known.get(one.signature[:_KEY_ID_BYTES]), one) for one in checkpoint.signatures]
    if all(key is None for key, _ in own):
        raise BadInputError("checkpoint-key-unknown", where)
    for key, one in own:
        if key is not None and one.name == checkpoint.origin and _holds(checkpoint, key, one.signature):
            return key
    raise BadInputError("checkpoint-signature-wrong", where)


def _holds(checkpoint: Checkpoint, key: PublicKey, signature: bytes) -> bool:
    try:
        key.point.verify(signature[_KEY_ID_BYTES:], checkpoint.body.encode(), _ECDSA)
    except InvalidSignature:
        return False
    return True
