"""The register only grows: versions, decisions bound to the exact version, observations; the same again changes nothing."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from geodata.closures.files import closure_feature, read_closure_features
from geodata.closures.records import CLOSURE_DECISIONS, CLOSURE_OBSERVATIONS, CLOSURE_VERSIONS
from geodata.closures.register import (
    ImportSummary,
    closure_set_version,
    import_closures,
    list_closures,
    newest_closures,
    read_rows,
)
from geodata.closures.rules import cases_of, findings_of
from geodata.closures.states import approval_state
from geodata.errors import SurroundingsError
from geodata.ledger.register import read_ledger
from geodata.snapping import RoadIndex
from geodata.store import METADATA, transaction
from tests.closure_cases import (
    HQ,
    LENGTH_M,
    NOON,
    TRANSPORT,
    blocked,
    class_network,
    closed,
    feature,
    hours,
    line,
    says,
    sees,
    settings,
    span,
)

NETWORK = class_network()
INDEX = RoadIndex(NETWORK)
RULES = settings()
LOOK = sees("blocked", hours(1), "driver")


@pytest.fixture
def register(store):
    """An empty register, once on SQLite and once on PostgreSQL."""
    return store


@pytest.fixture
def connection(register):
    with transaction(register, writes=True) as connection:
        yield connection


def take(connection, *closures, at=NOON):
    """Import and return the four counts."""
    done = import_closures(connection, closures, at)
    return (done.created, done.changed, done.unchanged, done.observations)


def checks(connection, at=NOON):
    cases = cases_of(list_closures(connection), RULES, NETWORK, at)
    return "".join(finding.code for case in cases for finding in findings_of(case))


def state(connection, at=NOON):
    (closure,) = list_closures(connection)
    return approval_state(closure, RULES.policy_for, NETWORK, at)


FULL = closed(
    "c",
    span("t", 100.25, 900.5),
    decisions=[says(HQ, extent=(span("c"),), start=hours(1), end=hours(2)), says(TRANSPORT, form="oral")],
    observations=[replace(LOOK, photo="照片.jpg", barrier="wall"), sees("open", hours(2))],
    requested={"length_m": 3200},
    reason="说明 “引号”",
    pass_holders="let_through",
)


def test_what_is_taken_in_comes_out_the_same(connection):
    others = [replace(FULL, id="b"), blocked("v", id="a", observations=[LOOK])]
    assert take(connection, *others) == (2, 0, 0, 3)
    assert list_closures(connection) == (others[1], others[0])
    assert list_closures(connection, ["b"]) == (others[0],)


def test_the_same_again_changes_nothing(connection):
    take(connection, FULL)
    before = (closure_set_version(connection), read_ledger(connection))
    assert take(connection, FULL, at=hours(9)) == (0, 0, 1, 0)
    assert (closure_set_version(connection), read_ledger(connection)) == before


def test_the_set_version_rises_once_an_import(connection):
    assert closure_set_version(connection) == 0
    take(connection, FULL, replace(FULL, id="b"))
    assert closure_set_version(connection) == 1
    take(connection, replace(FULL, observations=(LOOK,)))
    assert closure_set_version(connection) == 2
    assert take(connection) == (0, 0, 0, 0)
    assert closure_set_version(connection) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"extent": (span("c", 0, 2000),)},
        {"barrier": "movable"},
        {"cause": "works"},
        {"requested_by": "独树镇"},
        {"reason": "改"},
        {"pass_holders": "let_through"},
        {"requested": {"a": 1}},
        {"window": replace(closed().window, end=None)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_what_is_set_up_makes_a_new_version(connection, change):
    take(connection, closed("c"))
    assert take(connection, replace(closed("c"), **change)) == (0, 1, 0, 0)
    assert list_closures(connection) == (replace(closed("c"), version=2, **change),)
    assert connection.scalar(sa.select(sa.func.count()).select_from(CLOSURE_VERSIONS)) == 2


def test_a_line_drawn_anew_within_a_metre_is_the_same_set_up(connection):
    take(connection, closed(span("c", 100, 900)))
    assert take(connection, closed(span("c", 100.6, 899.7))) == (0, 0, 1, 0)


def test_a_new_decision_joins_the_version_it_is_about(connection):
    take(connection, closed("c"))
    assert state(connection) == "requested"
    assert take(connection, closed("c", decisions=[says(HQ)])) == (0, 1, 0, 0)
    (closure,) = list_closures(connection)
    assert (closure.version, closure.decisions) == (1, (says(HQ),))
    assert state(connection) == "approved"


def test_a_new_observation_leaves_the_closure_unchanged_and_is_counted(connection):
    take(connection, closed("c"))
    assert take(connection, closed("c", observations=[LOOK])) == (0, 0, 1, 1)
    assert take(connection, closed("c", observations=[LOOK, sees("open", hours(2))])) == (0, 0, 1, 1)
    assert len(list_closures(connection)[0].observations) == 2


def test_an_edited_decision_is_a_further_one_and_a_missing_one_stays(connection):
    spoken = says(HQ, form="oral", document_no="")
    take(connection, closed("c", decisions=[spoken]))
    assert take(connection, closed("c", decisions=[says(HQ)])) == (0, 1, 0, 0)
    assert take(connection, closed("c")) == (0, 0, 1, 0)
    assert list_closures(connection)[0].decisions == (spoken, says(HQ))


def test_a_blockage_under_a_closures_id_adds_what_was_seen(connection):
    take(connection, closed("c"))
    assert take(connection, blocked("c", id="z1", observations=[LOOK])) == (0, 0, 1, 1)
    (closure,) = list_closures(connection)
    assert (closure.version, closure.is_blockage_only, closure.observations) == (1, False, (LOOK,))


def test_a_blockage_that_is_registered_becomes_a_closure_and_keeps_what_was_seen(connection):
    take(connection, blocked("c", id="z1", observations=[LOOK]))
    assert checks(connection) == "K7"
    assert take(connection, closed("c")) == (0, 1, 0, 0)
    (closure,) = list_closures(connection)
    assert (closure.version, closure.observations) == (2, (LOOK,))
    assert checks(connection) == "K1"


# A decision is about exactly one version.


def test_a_changed_set_up_without_the_decision_is_undecided(connection):
    take(connection, closed(span("c", 0, 2000), decisions=[says(HQ)]))
    take(connection, closed("c"))
    assert state(connection) == "requested"
    assert checks(connection) == "K1"


def test_a_longer_set_up_does_not_grow_under_the_old_approval(connection):
    take(connection, closed(span("c", 0, 2000), decisions=[says(HQ)]))
    assert checks(connection) == ""
    take(connection, closed(span("c", 0, 2050), decisions=[says(HQ)]))
    assert checks(connection) == "K4"
    assert state(connection) == "partly_approved"


def test_a_later_end_does_not_stretch_the_old_approval(connection):
    take(connection, closed("c", end=hours(3), decisions=[says(HQ)]))
    take(connection, closed("c", end=hours(8), decisions=[says(HQ)]))
    assert checks(connection, hours(2)) == ""
    assert checks(connection, hours(3)) == "K5"


def test_a_decision_of_its_own_extent_holds_for_the_version_that_follows_it(connection):
    approved = says(HQ, extent=(span("c", 0, 2000),))
    take(connection, closed("c", decisions=[approved]), at=hours(-1))
    take(connection, closed(span("c", 0, 2000), decisions=[approved]), at=hours(0))
    assert (checks(connection), state(connection)) == ("", "approved")


def test_a_new_decision_about_the_new_version_covers_it(connection):
    take(connection, closed(span("c", 0, 2000), decisions=[says(HQ)]))
    take(connection, closed("c", decisions=[says(HQ, at=hours(-0.5))]))
    assert (checks(connection), state(connection)) == ("", "approved")


def test_a_withdrawal_cannot_be_left_behind_with_the_old_version(connection):
    withdrawn = says(HQ, "withdrawn", at=hours(1))
    take(connection, closed("c", decisions=[says(HQ), withdrawn]))
    take(connection, closed("c", barrier="movable", decisions=[says(HQ)]))
    assert state(connection) == "withdrawn"
    assert take(connection, closed("c", barrier="movable", decisions=[says(HQ)])) == (0, 0, 1, 0)


def test_a_withdrawal_is_remembered_over_a_version_without_decisions(connection):
    take(connection, closed("c", decisions=[says(HQ), says(HQ, "withdrawn", at=hours(1))]))
    take(connection, closed("c", barrier="movable"))
    for barrier in ("movable", "staffed"):
        take(connection, closed("c", barrier=barrier, decisions=[says(HQ)]))
        assert state(connection) == "withdrawn"
    assert take(connection, closed("c", barrier="staffed", decisions=[says(HQ)])) == (0, 0, 1, 0)


def test_a_withdrawal_stays_whatever_name_the_file_gives_the_body(connection):
    approved = {"authority": HQ, "decision": "approved", "decided_at": "2022-06-22T07:00:00+08:00"}
    withdrawn = {"authority": "疫情防控指挥部", "decision": "withdrawn", "decided_at": "2022-06-22T09:00:00+08:00"}
    for more in ({"decisions": [approved, withdrawn]}, {"decisions": [approved], "reason": "改"}):
        take(connection, *read_closure_features([feature(line("c"), **more)], INDEX, RULES, where="f"))
    (closure,) = list_closures(connection)
    assert (closure.version, state(connection)) == (2, "withdrawn")
    again = [closure_feature(closure, NETWORK)]
    assert take(connection, *read_closure_features(again, INDEX, RULES, where="f")) == (0, 0, 1, 0)


def test_what_a_decision_meant_is_kept_over_several_versions(connection):
    for end_m in (1000, 2000, 2500):
        take(connection, closed(span("c", 0, end_m), decisions=[says(HQ)]))
    (closure,) = list_closures(connection)
    assert (closure.version, closure.decisions[0].extent) == (3, (span("c", 0, 1000),))
    numbers = connection.execute(sa.select(CLOSURE_DECISIONS.c.about_version)).scalars()
    assert list(numbers) == [1, 1, 1]


def test_what_is_exported_is_imported_unchanged(connection):
    drawn = read_closure_features(
        [
            feature(line("c", 0.1, 0.6, north_m=3), id="a", decisions=[{"authority": HQ, "decision": "approved", "decided_at": "2022-06-22T07:00:00+08:00"}]),
            feature(line("t"), id="b", start=..., end=..., requested_by=..., observations=[{"at": "2022-06-22T09:00:00Z", "state": "blocked", "source": "track"}]),
        ],
        INDEX,
        RULES,
        where="f",
    )  # fmt: skip
    take(connection, *drawn, FULL)
    longer = replace(drawn[0], extent=(span("c", 0, LENGTH_M),), drawn=None)
    take(connection, longer)
    written = [closure_feature(one, NETWORK) for one in list_closures(connection)]
    again = read_closure_features(written, INDEX, RULES, where="f")
    assert take(connection, *again) == (0, 0, 3, 0)


# The store.


def test_two_imports_at_once_make_two_versions(register):
    with transaction(register, writes=True) as connection:
        take(connection, closed("c"))
    for barrier in ("staffed", "movable"):
        with transaction(register, writes=True) as connection:
            take(connection, closed("c", barrier=barrier))
    with transaction(register, writes=False) as connection:
        assert list_closures(connection)[0].version == 3
        assert [leaf.position for leaf in read_ledger(connection).leaves] == [0, 1, 2]


def test_a_version_number_is_taken_once(connection):
    take(connection, closed("c"))
    row = dict(connection.execute(sa.select(CLOSURE_VERSIONS)).mappings().one())
    with pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.insert(CLOSURE_VERSIONS).values({**row, "position": 9}))


def test_a_failed_import_leaves_nothing(register):
    def fail_half_way():
        with transaction(register, writes=True) as connection:
            take(connection, FULL)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with transaction(register, writes=False) as connection:
        assert list_closures(connection) == ()
        assert closure_set_version(connection) == 0
        assert read_ledger(connection).appended == 0


@pytest.mark.parametrize("values", [{"extent": "["}, {"extent": "[3]"}, {"ends_at": hours(-9)}])
def test_a_row_that_somebody_made_unreadable_is_named(connection, values):
    take(connection, closed("c"), closed("t", id="z2"))
    connection.execute(sa.update(CLOSURE_VERSIONS).where(CLOSURE_VERSIONS.c.closure_id == "z1").values(values))
    with pytest.raises(SurroundingsError) as caught:
        list_closures(connection)
    assert (caught.value.code, caught.value.where) == ("closure-record-damaged", "z1")
    damaged = []
    assert [one.id for one in newest_closures(read_rows(connection), damaged)] == ["z2"]
    assert damaged == ["z1"]


def test_many_observations_of_one_moment_are_kept_apart(connection):
    looks = [sees("blocked", hours(1), source) for source in ("driver", "inspection", "track")]
    take(connection, blocked("c", observations=looks))
    assert connection.scalar(sa.select(sa.func.count()).select_from(CLOSURE_OBSERVATIONS)) == 3


word = st.sampled_from(["approved", "refused", "withdrawn"])
acts = st.builds(
    lambda body, kind, at: says(body, kind, at=hours(at)), st.sampled_from([HQ, TRANSPORT]), word, st.integers(-3, 3)
)
states = st.builds(
    lambda end_m, barrier, decisions, looks: closed(
        span("c", 0, end_m), barrier=barrier, decisions=dict.fromkeys(decisions), observations=dict.fromkeys(looks)
    ),
    st.sampled_from([1000.0, 2000.0]),
    st.sampled_from(["none", "movable"]),
    st.lists(acts, max_size=3),
    st.lists(st.builds(lambda at: sees("blocked", hours(at)), st.integers(0, 3)), max_size=2),
)


@runs(max_examples=60, deadline=None)
@given(st.lists(states, min_size=1, max_size=4))
def test_history_only_grows_and_repeating_the_last_file_changes_nothing(files):
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        known = ()
        for one in files:
            import_closures(connection, [one], NOON)
            leaves = read_ledger(connection).leaves
            assert leaves[: len(known)] == known
            known = leaves
            assert import_closures(connection, [one], NOON) == ImportSummary(unchanged=1)
        assert read_ledger(connection).leaves == known
    engine.dispose()
