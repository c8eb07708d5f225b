"""Rows that an older database holds are what they were after the upgrade, or what its migration says (0016, 0017)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.store import rebuilding, transaction
from passes.database import migrate, upgrade_database
from passes.editions.status_register import status_of
from passes.keyring.root_register import ROOTS, TRUSTED_ISSUERS
from passes.reissue.reissue_register import DROPPED, FOUND, HELD, NO_ROUTE, PREPARED, SWITCHED, find_reissues
from passes.verifying.status_list import Status

AT = datetime(2022, 6, 22, 8, tzinfo=UTC)
_EMPTY = {
    sa.String: "",
    sa.Integer: 0,
    sa.Boolean: False,
    sa.DateTime: AT,
    sa.LargeBinary: b"",
    sa.JSON: [],
}
#: What becomes of rows: state before and after the upgrade, and what the slot of their next edition says then.
BECOMES = {
    "411399000001": (PREPARED, FOUND, Status.VALID),
    "411399000002": (HELD, DROPPED, Status.WITHDRAWN),
    "411399000003": (FOUND, FOUND, None),
    "411399000004": (NO_ROUTE, NO_ROUTE, None),
    "411399000005": (SWITCHED, SWITCHED, Status.VALID),
}


def put(connection: sa.Connection, name: str, /, **values: Any) -> None:
    """Keep a row in a table as it is now; what nobody names is empty."""
    tables = sa.MetaData()
    tables.reflect(connection, only=[name])
    table = tables.tables[name]
    needed = [one for one in table.c if not one.nullable and one.name not in values]
    filled = {one.name: next(value for kind, value in _EMPTY.items() if isinstance(one.type, kind)) for one in needed}
    connection.execute(sa.insert(table).values(**filled, **values))


def put_reissue(connection: sa.Connection, jti: str, state: str, slot: int) -> None:
    """Keep a pass that a closure hits, and the slot of the edition that is prepared for it."""
    next_jti = "" if state in {FOUND, NO_ROUTE} else f"{jti}-2"
    put(connection, "passes", jti=jti, number=jti, edition=1, roads_of=jti, application="a", state="granted")
    put(connection, "reissues", jti=jti, number=jti, version=3, state=state, next_jti=next_jti, prepared=b"packed")
    if next_jti:
        put(connection, "status_slots", uri="list", slot=slot, jti=next_jti, status=Status.VALID.value)


@pytest.mark.parametrize("revision", ["0014", "0015"])
def test_what_was_prepared_is_planned_again_and_what_was_held_is_given_up(empty_store, revision):
    with rebuilding(empty_store) as connection:
        migrate(connection, revision)
        put(connection, "applications", id="a")
        for slot, (jti, (state, _, _)) in enumerate(BECOMES.items()):
            put_reissue(connection, jti, state, slot)
    upgrade_database(empty_store, at=AT)
    with transaction(empty_store, writes=False) as connection:
        rows = find_reissues(connection, list(BECOMES))
        assert {jti: row.state for jti, row in rows.items()} == {jti: after for jti, (_, after, _) in BECOMES.items()}
        assert {(row.version, row.planned_from) for row in rows.values()} == {(3, "")}
        slots = {jti: status_of(connection, row.next_jti) for jti, row in rows.items() if row.next_jti}
        assert slots == {jti: status for jti, (_, _, status) in BECOMES.items() if status is not None}
    columns = [one["name"] for one in sa.inspect(empty_store).get_columns("reissues")]
    assert "prepared" not in columns


def test_roots_and_issuers_of_before_have_neither_successor_nor_address(empty_store):
    with rebuilding(empty_store) as connection:
        migrate(connection, "0016")
        put(connection, "roots", kid="root", x=b"x", y=b"y")
        put(connection, "trusted_issuers", issuer="411300", name="city", keys=[{"kid": "k"}])
    upgrade_database(empty_store, at=AT)
    with transaction(empty_store, writes=False) as connection:
        (root,) = connection.execute(sa.select(ROOTS))
        (issuer,) = connection.execute(sa.select(TRUSTED_ISSUERS))
    assert (root.kid, bytes(root.x), root.succession) == ("root", b"x", None)
    assert (issuer.issuer, issuer.keys, issuer.address) == ("411300", [{"kid": "k"}], None)
