from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from geodata.county import County
from geodata.errors import BadInputError
from passes.editions.issuing import Issued, Office, issue_pass
from passes.editions.pass_register import PassRecord, events_of, find_pass
from passes.editions.status_register import RegisterStatuses
from passes.editions.withdrawal import withdraw_pass
from passes.keyring.key_register import public_key_list
from passes.reissue.renewal import renew_pass
from passes.verifying.trust import Trust
from passes.verifying.verify import verify_pass
from tests.issuing_office import an_office, applied, closing
from tests.pass_applications import NOW, when

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "key"


def issue(office: Office, key_file: Path, **changes: Any) -> PassRecord:
    record = issue_pass(applied(office, **changes), office, key_file=key_file, at=NOW).record
    assert record is not None
    return record


def renew(office: Office, key_file: Path, record: PassRecord, *, hours: float = 2, **changes: Any) -> Issued:
    application = applied(office, **changes) if changes else None
    at = NOW + timedelta(hours=hours)
    return renew_pass(record.number, office, key_file=key_file, at=at, application=application)


def verdict(office: Office, record: PassRecord) -> tuple[str, list[str]]:
    keys = public_key_list(office.connection, issuer="411399", at=LATER)
    judged = verify_pass(record.token, Trust(keys, RegisterStatuses(office.connection, LATER)), at=LATER)
    return judged.verdict, [one.code for one in judged.reasons]


def test_a_renewed_pass_keeps_its_number_and_gets_a_new_window(office: Office, key_file: Path) -> None:
    old = issue(office, key_file)
    new = renew(office, key_file, old).record
    assert new is not None
    assert (new.number, new.edition, new.jti) == (old.number, 2, f"{old.number}-2")
    assert new.expires_at > old.expires_at
    assert find_pass(office.connection, old.number) == new


def test_the_edition_before_is_replaced_which_is_amber_and_no_withdrawal(office: Office, key_file: Path) -> None:
    old = issue(office, key_file)
    new = renew(office, key_file, old).record
    assert new is not None
    before = find_pass(office.connection, f"{old.number}-1")
    assert (before.state, before.replaced_by) == ("replaced", new.jti)
    assert verdict(office, old) == ("amber", ["replaced", "list-current"])
    assert verdict(office, new)[0] == "green"


def test_events_tell_both_sides(office: Office, key_file: Path) -> None:
    old = issue(office, key_file)
    renew(office, key_file, old)
    told = [(one.jti, one.event) for one in events_of(office.connection, old.number)]
    assert told == [(old.jti, "issued"), (f"{old.number}-2", "renewed"), (old.jti, "replaced")]


def test_conditions_are_asked_again_of_the_application_kept(office: Office, key_file: Path) -> None:
    old = issue(office, key_file, driver={"sampled_at": when(hours=46.5)})
    outcome = renew(office, key_file, old)
    assert (outcome.record, [one.code for one in outcome.checked.findings]) == (None, ["condition-expired"])
    assert find_pass(office.connection, old.number).state == "granted"


def test_an_updated_application_with_a_newer_sample_is_accepted(office: Office, key_file: Path) -> None:
    old = issue(office, key_file, id="a7", driver={"sampled_at": when(hours=46.5)})
    newer = {"sampled_at": when(hours=-1)}
    assert renew(office, key_file, old, id="a7", driver=newer).record is not None


@pytest.mark.parametrize(
    "changes", [{"vehicle": {"plate": "豫R23456"}}, {"enterprise": "carrier", "vehicle": {"plate": "豫R34567"}}]
)
def test_another_vehicle_or_firm_is_another_pass(office: Office, key_file: Path, changes: dict[str, Any]) -> None:
    old = issue(office, key_file)
    with pytest.raises(BadInputError, match="renewal-differs"):
        renew(office, key_file, old, **changes)


def test_an_expired_pass_may_be_renewed(office: Office, key_file: Path) -> None:
    old = issue(office, key_file)
    new = renew(office, key_file, old, hours=10).record
    assert new is not None
    assert new.not_before >= old.expires_at


def test_a_withdrawn_pass_may_not_be_renewed(office: Office, key_file: Path) -> None:
    old = issue(office, key_file)
    withdraw_pass(office.connection, old.number, reason="x", at=NOW)
    with pytest.raises(BadInputError, match="pass-not-open"):
        renew(office, key_file, old)


def test_a_renewed_pass_avoids_what_was_closed_since(small_county: County, tmp_path: Path, key_file: Path) -> None:
    with an_office(small_county, tmp_path) as office:
        old = issue(office, key_file)
        office.engine.apply([closing(small_county, "c1")])
        new = renew(office, key_file, old).record
    assert new is not None
    assert [road["road_id"] for road in old.route["roads"]] == ["c1"]
    assert [road["road_id"] for road in new.route["roads"]] == ["n2", "c2", "c3"]


def test_the_first_application_again_gives_the_newest_edition(office: Office, key_file: Path) -> None:
    old = issue(office, key_file)
    new = renew(office, key_file, old, hours=0.2).record
    again = issue_pass(applied(office), office, key_file=key_file, at=NOW + timedelta(hours=0.3))
    assert (again.again, again.record) == (True, new)


def test_an_unknown_number_is_an_error(office: Office, key_file: Path) -> None:
    with pytest.raises(BadInputError, match="pass-unknown"):
        renew_pass("411399999999", office, key_file=key_file, at=NOW)
