"""A register full of live passes: one that was issued, copied with names, plates and slots of their own, and really signed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from geodata.store import transaction
from passes.editions.pass_register import PASSES, PassRecord
from passes.editions.status_register import LIST_SIZE, STATUS_SLOTS, list_uri
from passes.tokens.claims import PASS
from passes.tokens.front_door import parse_token
from passes.tokens.keys import SigningKey
from passes.tokens.pass_code import to_code
from passes.tokens.signing import sign_token
from passes.verifying.status_list import Status
from passes.ways.ways_register import PASS_STAGES

#: Far above any number that the office itself gives.
FIRST_SERIAL = 500_000
A_CHUNK = 5_000


def fill_with_passes(
    store: sa.Engine, record: PassRecord, key: SigningKey, count: int, *, public_url: str
) -> tuple[str, ...]:
    """Copy a pass so many times; return the copies' numbers. Each is signed, has its slot, its code and its roads."""
    with transaction(store, writes=False) as connection:
        row = dict(connection.execute(sa.select(PASSES).where(PASSES.c.jti == record.jti)).one()._mapping)
        stages = [
            dict(one._mapping)
            for one in connection.execute(sa.select(PASS_STAGES).where(PASS_STAGES.c.jti == record.jti))
        ]
    claims = dict(parse_token(record.token, PASS).claims)
    numbers = tuple(f"{record.number[:6]}{FIRST_SERIAL + place:06}" for place in range(count))
    slots = _slots(count, record)
    for start in range(0, count, A_CHUNK):
        names = numbers[start : start + A_CHUNK]
        taken = [next(slots) for _ in names]
        signed = [_signed(claims, name, slot, key, public_url) for name, slot in zip(names, taken, strict=True)]
        rows = [{**row, **one, "kid": key.kid, "roads_of": one["jti"]} for one in signed]
        with transaction(store, writes=True) as connection:
            connection.execute(sa.insert(PASSES), rows)
            connection.execute(sa.insert(PASS_STAGES), [{**one, "jti": name} for name in names for one in stages])
            connection.execute(
                sa.insert(STATUS_SLOTS), [_slot_row(n, s, record) for n, s in zip(names, taken, strict=True)]
            )
    return numbers


def _slots(count: int, record: PassRecord) -> Iterator[tuple[str, int]]:
    """Draw slots of lists that nobody else uses, half of each."""
    for number in range(100, 200):
        drawn = set()
        while len(drawn) < LIST_SIZE // 2:
            drawn.add(secrets.randbelow(LIST_SIZE))
        yield from ((list_uri(number), slot) for slot in drawn)


def _signed(
    claims: dict[str, Any], name: str, slot: tuple[str, int], key: SigningKey, public_url: str
) -> dict[str, Any]:
    plate = f"豫R{int(name) % 100_000:05}"
    said = {**claims, "jti": name, "plt": plate, "status": {"idx": slot[1], "uri": slot[0]}}
    token = sign_token(said, key, typ=PASS.typ)
    return {"jti": name, "number": name, "plate": plate, "token": token, "url": to_code(token, public_url)}


def _slot_row(name: str, slot: tuple[str, int], record: PassRecord) -> dict[str, Any]:
    return {"uri": slot[0], "slot": slot[1], "jti": name, "status": int(Status.VALID), "changed_at": record.issued_at}
