from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import transaction
from geodata.windows import Window
from passes.applications.sealed_applications import APPLICATIONS
from passes.editions.pass_register import (
    GRANTED,
    REPLACED,
    STATES,
    PassRecord,
    PassSearch,
    add_passes,
    editions_of,
    find_pass,
    list_passes,
    search_passes,
    set_state,
)
from passes.editions.passages_register import passages_on_roads
from passes.ways.driven_way import Passage, stage_of_passages
from tests.pass_applications import NOW

RECORD = PassRecord(
    jti="411399000001",
    number="411399000001",
    edition=1,
    state=GRANTED,
    firm="firm",
    enterprise="宏达面粉",
    plate="豫R12345",
    goods="flour",
    crew=({"name": "王*明", "id_tail": "0071", "role": "driver", "condition_ends_at": None},),
    application="a" * 64,
    depart_at=NOW,
    not_before=NOW,
    expires_at=NOW + timedelta(hours=3),
    expires_because="planned-end",
    issued_at=NOW,
    kid="kid",
    rules="r",
    network_digest="d",
    closure_set_version=7,
    token="t",
    url="u",
    route={"distance_m": 1.0, "stops": [{"name": "宏达面粉"}]},
)


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        open_connection.execute(
            sa.insert(APPLICATIONS).values(id="a" * 64, content="c", firm="firm", received_at=NOW, sealed=b"")
        )
        yield open_connection


def passage(road_id: str, start_h: float, end_h: float, leg: int = 0) -> Passage:
    return Passage(leg, road_id, 0, NOW + timedelta(hours=start_h), NOW + timedelta(hours=end_h))


def test_a_pass_is_kept_as_it_was(connection: sa.Connection) -> None:
    add_passes(connection, [(RECORD, [])])
    assert find_pass(connection, RECORD.number) == RECORD


def test_the_newest_edition_is_found_and_an_older_one_when_named(connection: sa.Connection) -> None:
    second = replace(RECORD, jti=f"{RECORD.number}-2", edition=2)
    for record in (RECORD, second):
        add_passes(connection, [(record, [])])
    assert find_pass(connection, RECORD.number) == second
    assert find_pass(connection, f"{RECORD.number}-2") == second
    assert find_pass(connection, f"{RECORD.number}-1") == RECORD
    assert editions_of(connection, RECORD.number) == (RECORD.jti, second.jti)


def test_an_unknown_number_is_an_error_that_names_it(connection: sa.Connection) -> None:
    add_passes(connection, [(RECORD, [])])
    for number in ("411399000009", f"{RECORD.number}-9", f"{RECORD.number}-x", "", "-"):
        with pytest.raises(BadInputError, match="pass-unknown"):
            find_pass(connection, number)


def test_a_granted_pass_expires_by_itself(connection: sa.Connection) -> None:
    add_passes(connection, [(RECORD, [])])
    before, after = RECORD.expires_at - timedelta(seconds=1), RECORD.expires_at
    assert [RECORD.state_at(before), RECORD.state_at(after)] == ["granted", "expired"]
    assert len(list_passes(connection, state="granted", at=before)) == 1
    assert len(list_passes(connection, state="granted", at=after)) == 0
    assert len(list_passes(connection, state="expired", at=after)) == 1


def test_every_pass_is_in_exactly_one_state_at_a_time(connection: sa.Connection) -> None:
    for serial, state in enumerate(("granted", "replaced", "withdrawn", "suspended", "completed"), start=1):
        number = f"411399{serial:06d}"
        add_passes(connection, [(replace(RECORD, jti=number, number=number, state=state), [])])
    for at in (NOW, NOW + timedelta(days=1)):
        assert sum(len(list_passes(connection, state=state, at=at)) for state in STATES) == 5
        assert len(list_passes(connection, at=at)) == 5


def test_the_list_runs_from_the_newest_number(connection: sa.Connection) -> None:
    for serial in (1, 2, 3):
        number = f"411399{serial:06d}"
        add_passes(connection, [(replace(RECORD, jti=number, number=number), [])])
    assert [one.number[-1] for one in list_passes(connection, at=NOW, most=2)] == ["3", "2"]


def test_who_changes_a_state_second_is_told(connection: sa.Connection) -> None:
    add_passes(connection, [(RECORD, [])])
    set_state(connection, RECORD, REPLACED, replaced_by="x")
    with pytest.raises(BadInputError, match="pass-state-changed"):
        set_state(connection, RECORD, REPLACED)


def test_a_pass_is_found_by_its_roads_within_their_times(connection: sa.Connection) -> None:
    over = [passage("c1", 0, 1), passage("c2", 1, 2, leg=1), passage("c1", 2, 3, leg=2)]
    add_passes(connection, [(RECORD, stage_of_passages(over))])

    def hit(road: str, start_h: float, end_h: float) -> bool:
        window = Window(*(NOW + timedelta(hours=hour) for hour in (start_h, end_h)))
        return {one.jti for one in passages_on_roads(connection, [road], window=window)} == {RECORD.jti}

    asked = [
        ("c1", 0.5, 9),
        ("c1", 1.2, 1.8),
        ("c1", 2.9, 9),
        ("c1", 3, 9),
        ("c2", -9, 1),
        ("c2", 1.5, 1.6),
        ("c3", 0, 9),
    ]
    assert [hit(*one) for one in asked] == [True, False, True, False, False, True, False]


def test_a_pass_that_is_no_longer_open_is_not_hit(connection: sa.Connection) -> None:
    add_passes(connection, [(RECORD, stage_of_passages([passage("c1", 0, 1)]))])
    set_state(connection, RECORD, REPLACED)
    assert not list(passages_on_roads(connection, ["c1"], window=Window(NOW, NOW + timedelta(hours=9))))


@pytest.mark.parametrize(("text", "count"), [("r123", 1), ("0001", 1), ("宏达", 1), ("豫R９", 0), ("%", 0), (" ", 1)])
def test_passes_are_found_by_part_of_number_plate_or_firm(connection: sa.Connection, text: str, count: int) -> None:
    add_passes(connection, [(RECORD, [])])
    assert len(search_passes(connection, PassSearch(text=text, firm="firm"), at=NOW)) == count
    assert search_passes(connection, PassSearch(text=text, firm="other"), at=NOW) == ()
