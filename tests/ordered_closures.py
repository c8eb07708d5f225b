"""Signed closure orders for tests: a register in memory with one approved closure, its order, and forging of others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import passes.tables
from geodata.closures.closure import Closure
from geodata.closures.register import import_closures, list_closures
from geodata.county_settings import CountySettings
from passes.keyring.key_register import open_key_ring, public_key_list
from passes.orders.check import OrderVerdict, Record, verify_order
from passes.orders.claims import ORDER
from passes.orders.ordering import Order, Orderer, issue_order
from passes.tokens.keys import SigningKey
from passes.tokens.signing import sign_token
from passes.verifying.key_list import KeyList
from tests.closure_cases import HQ, NOON, class_network, closed, hours, says, settings

NETWORK = class_network()
BY = ("hq", HQ)
FILED = hours(-0.5)


def county(profile: str = "fangcheng-2022", **changes: object) -> CountySettings:
    """The county's settings with an address that fits a code."""
    return replace(settings(profile, **changes), public_url="https://pass.example")


@dataclass
class OrderDesk:
    """A register within a transaction, and the key file of the county that signs."""

    connection: sa.Connection
    key_file: Path
    settings: CountySettings

    def take(self, *closures: Closure, at: datetime = FILED) -> None:
        """Take closures into the register."""
        import_closures(self.connection, closures, at)

    def decide(self, *decisions: Any, at: datetime = NOON, **changes: Any) -> None:
        """Add decisions to the one closure, or set it up otherwise."""
        (closure,) = list_closures(self.connection, ["z1"])
        self.take(replace(closure, decisions=(*closure.decisions, *decisions), **changes), at=at)

    def issue(self, closure_id: str = "z1", *, at: datetime = NOON) -> Order:
        """Sign the order of a closure."""
        orderer = Orderer(self.settings, NETWORK, self.key_file)
        return issue_order(self.connection, closure_id, orderer, by=BY, at=at)

    def keys(self, at: datetime = NOON) -> KeyList:
        """The county's public keys."""
        return public_key_list(self.connection, issuer=self.settings.area_code, at=at)

    def key(self, at: datetime = NOON) -> SigningKey:
        """The key that signs."""
        return open_key_ring(self.connection, self.key_file, at=at).current(at)

    def judge(self, text: str, *, at: datetime = NOON, offline: bool = False) -> OrderVerdict:
        """Judge an order by the register, or by the keys alone."""
        record = None if offline else Record(self.connection, self.settings, NETWORK)
        return verify_order(text, self.keys(at), at=at, record=record)

    def said(self, text: str, **how: Any) -> tuple[str, str, object]:
        """Verdict, gravest reason's code, and what the register says otherwise."""
        verdict = self.judge(text, **how)
        return verdict.verdict, verdict.reasons[0].code, verdict.reasons[0].facts.get("why")

    def signed(self, claims: dict[str, Any], *, typ: str = ORDER.typ) -> str:
        """Sign any claims by the county's own key."""
        return sign_token(claims, self.key(), typ=typ)


@contextmanager
def an_order_desk(folder: Path, *closures: Closure) -> Iterator[OrderDesk]:
    """Open a register in memory with closures; one approved county road unless others are given."""
    store = sa.create_engine("sqlite://")
    with store.begin() as connection:
        passes.tables.METADATA.create_all(connection)
        desk = OrderDesk(connection, folder / "keys" / "key", county())
        desk.take(*(closures or (closed("c", decisions=[says(HQ)]),)))
        yield desk
    store.dispose()
