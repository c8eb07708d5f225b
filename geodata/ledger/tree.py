"""A verifiable log: the Merkle tree of RFC 6962, its proofs, and the text of a checkpoint.

A leaf is hashed with a 0x00 before it, a node with a 0x01, so that neither passes for the other. The root over all
leaves tells whether any was edited, deleted, put elsewhere or cut off since the root was written down.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from geodata.errors import BadInputError

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
HASH_BYTES: Final = 32
_SIGNATURE_MARK: Final = "\u2014 "


def leaf_hash(payload: bytes) -> bytes:
    """Return the hash of a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + payload).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash over leaf hashes, oldest first."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        # A last one without a partner goes up as it is: the same tree as the recursive one of the standard.
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def roots_at(leaves: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Return the roots that the log had at some sizes, in one walk over its leaves; sizes it never had are left out."""
    wanted = sorted({one for one in sizes if 0 <= one <= len(leaves)})
    found: dict[int, bytes] = {}
    peaks: list[tuple[int, bytes]] = []  # whole subtrees so far, the largest first: (leaves, root)
    grown = 0
    for size in wanted:
        for leaf in leaves[grown:size]:
            peaks.append((1, leaf))
            while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
                (count, left), (_, right) = peaks[-2:]
                peaks[-2:] = [(2 * count, node_hash(left, right))]
        grown = size
        root = peaks[-1][1] if peaks else EMPTY_ROOT
        for _, left in reversed(peaks[:-1]):
            root = node_hash(left, root)
        found[size] = root
    return found


def _split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], position: int) -> tuple[bytes, ...]:
    """Return the audit path of a leaf (RFC 6962, 2.1.1), from the leaf up.

    Raises
    ------
    IndexError
        No such leaf.
    """
    if not 0 <= position < len(leaves):
        raise IndexError(position)
    if len(leaves) == 1:
        return ()
    middle = _split(len(leaves))
    if position < middle:
        return (*inclusion_proof(leaves[:middle], position), root_of(leaves[middle:]))
    return (*inclusion_proof(leaves[middle:], position - middle), root_of(leaves[:middle]))


def is_included(leaf: bytes, position: int, *, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a leaf hash is at a position of the log of that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, reached = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the proof that the log only grew since it had `old_size` leaves (RFC 6962, 2.1.2).

    Raises
    ------
    IndexError
        The log never had that many leaves.
    """
    if not 0 <= old_size <= len(leaves):
        raise IndexError(old_size)
    return () if old_size in {0, len(leaves)} else _sub_proof(leaves, old_size, True)


def _sub_proof(leaves: Sequence[bytes], old_size: int, is_whole: bool) -> tuple[bytes, ...]:
    if old_size == len(leaves):
        return () if is_whole else (root_of(leaves),)
    middle = _split(len(leaves))
    if old_size <= middle:
        return (*_sub_proof(leaves[:middle], old_size, is_whole), root_of(leaves[middle:]))
    return (*_sub_proof(leaves[middle:], old_size - middle, False), root_of(leaves[:middle]))


def is_consistent(old_size: int, old_root: bytes, *, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a log of this size and root is the old one with leaves added at its end (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= size:
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if old_size == size:
        return not proof and old_root == root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    return bool(path) and _replay(path, old_size - 1, size - 1) == (old_root, root)


def _replay(path: Sequence[bytes], place: int, last: int) -> tuple[bytes, bytes] | None:
    """Return the old and the new root that a consistency path leads to; None where it is too long or too short."""
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a checkpoint: whose, and the signature."""

    name: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log at one moment, to be kept outside of it.

    The text is that of C2SP tlog-checkpoint: origin, size and base64 root, a line each; signature lines follow after
    a blank one as "— name base64". `passes.orders.log_checkpoint` signs and checks.

    Attributes
    ----------
    origin
        Which log.
    size, root
        How many leaves and their root.
    """

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = field(default=())

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @property
    def text(self) -> str:
        """The whole text."""
        lines = [f"{_SIGNATURE_MARK}{one.name} {base64.b64encode(one.signature).decode()}\n" for one in self.signatures]
        return self.body + ("\n" + "".join(lines) if lines else "")


def read_checkpoint(text: str, *, where: str) -> Checkpoint:
    """Read a checkpoint's text.

    Raises
    ------
    BadInputError
        `checkpoint-unreadable` with the line.
    """
    body, _, signed = text.replace("\r\n", "\n").partition("\n\n")
    lines = body.rstrip("\n").split("\n")
    if len(lines) != 3 or not lines[0].strip():
        raise BadInputError("checkpoint-unreadable", where, line=1)
    if not (lines[1].isascii() and lines[1].isdecimal() and (lines[1] == "0" or lines[1][0] != "0")):
        raise BadInputError("checkpoint-unreadable", where, line=2)
    root = _bytes(lines[2], where, 3)
    if len(root) != HASH_BYTES or len(lines[1]) > 18:
        raise BadInputError("checkpoint-unreadable", where, line=3)
    signatures = [_signature(line, where, number) for number, line in enumerate(signed.splitlines(), 5) if line]
    return Checkpoint(lines[0], int(lines[1]), root, tuple(signatures))


def _bytes(text: str, where: str, line: int) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInputError("checkpoint-unreadable", where, line=line) from None


def _signature(line: str, where: str, number: int) -> Signature:
    name, _, encoded = line.removeprefix(_SIGNATURE_MARK).rpartition(" ")
    if not line.startswith(_SIGNATURE_MARK) or not name:
        raise BadInputError("checkpoint-unreadable", where, line=number)
    return Signature(name, _bytes(encoded, where, number))
