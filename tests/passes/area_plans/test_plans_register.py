"""A plan is kept with what its answer came from, answered once and adopted once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.area_plans.plans_register import (
    Plan,
    add_plan,
    digest_of,
    keep_answer,
    list_plans,
    mark_adopted,
    new_plan_id,
    read_plan,
)
from passes.jobs_register import add_job

AT = datetime(2022, 7, 1, tzinfo=UTC)
INPUTS = {"name": "某村", "km": 1.5}


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def a_plan(connection):
    job = add_job(connection, "plan", {}, owner="p", at=AT)
    plan = Plan(new_plan_id(), "某村", "p", INPUTS, job.id, "", {}, AT, None, None, "", [])
    add_plan(connection, plan)
    return plan


def test_a_plan_is_read_as_it_was_kept(connection):
    plan = a_plan(connection)
    assert read_plan(connection, plan.id) == plan
    assert list_plans(connection) == (plan,)


def test_the_first_answer_stands(connection):
    plan = a_plan(connection)
    keep_answer(connection, plan.id, {"people": 1}, digest="a", at=AT)
    keep_answer(connection, plan.id, {"people": 2}, digest="b", at=AT)
    found = read_plan(connection, plan.id)
    assert (found.result, found.digest, found.answered_at) == ({"people": 1}, "a", AT)


def test_a_plan_is_adopted_once(connection):
    plan = a_plan(connection)
    mark_adopted(connection, plan.id, ["c1"], by="p", at=AT)
    with pytest.raises(BadInputError, match="plan-adopted-already"):
        mark_adopted(connection, plan.id, ["c2"], by="p", at=AT)
    assert read_plan(connection, plan.id).closures == ["c1"]


def test_the_digest_names_inputs_roads_and_closures():
    first = digest_of(INPUTS, network_digest="n", closure_set_version=1)
    assert first == digest_of({"km": 1.5, "name": "某村"}, network_digest="n", closure_set_version=1)
    others = [
        digest_of({**INPUTS, "km": 2}, network_digest="n", closure_set_version=1),
        digest_of(INPUTS, network_digest="m", closure_set_version=1),
        digest_of(INPUTS, network_digest="n", closure_set_version=2),
    ]
    assert len({first, *others}) == 4


def test_an_unknown_plan_is_refused(connection):
    with pytest.raises(BadInputError, match="plan-unknown"):
        read_plan(connection, "none")
