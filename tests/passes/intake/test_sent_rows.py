"""Rows that were prepared in one process and sent to another are kept as if they had been prepared there."""

from __future__ import annotations

import pickle

import pytest

from geodata.errors import BaotongError
from passes.applications.application import read_application
from passes.applications.office import all_conditions
from passes.editions.pass_register import list_passes
from passes.intake import sent_rows
from passes.intake.batch import file_part
from passes.intake.file import ApplicationRow
from passes.intake.handling import Act, own_document
from passes.intake.preparing import ground_of, own_application, prepare
from passes.intake.sent_rows import Receiver, Sender
from passes.tokens.claims import PASS
from passes.tokens.code_fitting import code_desk
from passes.tokens.front_door import parse_token
from passes.whitelist.register import find_firm
from tests.issuing_office import an_office, put_on_whitelist
from tests.pass_applications import NOW, application_document, when
from tests.passes.intake.test_bulk_intake import by_policy, kept

LATE = {"sampled_at": when(hours=48, seconds=1)}
DOCUMENTS = [
    application_document(),
    application_document(destination="月亮"),
    application_document(origin="village", round_trip=True),
    application_document(driver=LATE),
    application_document(origin="village"),
    application_document(),
]


def rows_of(office):
    conditions = all_conditions(office.settings)
    read = [read_application(one, where="", conditions=conditions) for one in DOCUMENTS]
    pairs = enumerate(zip(DOCUMENTS, read, strict=True), start=2)
    return [ApplicationRow(number, document, {}, application) for number, (document, application) in pairs]


def here(_rows, _office, _firm):
    return {}


def elsewhere(rows, office, firm):
    """Prepare two rows a message, as another process would."""
    sender, receiver, found = Sender(code_desk("A" * 8, office.settings.public_url)), Receiver(), {}
    for start in range(0, len(rows), 2):
        part = rows[start : start + 2]
        own = [own_document(row.document, firm) for row in part]
        message = pickle.dumps(sender.sent(prepare(own, office, firm=firm, at=NOW)))
        applications = [own_application(row.application, one, firm) for row, one in zip(part, own, strict=True)]
        came = receiver.rows(pickle.loads(message)).prepared(applications, firm)
        found.update({row.number: one for row, one in zip(part, came, strict=True) if one is not None})
    assert sorted(found) == [2, 4, 6, 7]  # of the others this process asks the rules, and says what is wrong
    return found


def said(office):
    """Return what the passes say, but for what is drawn by lot and the corridor, which leaves room for it."""
    claims = [parse_token(one.token, PASS).claims for one in list_passes(office.connection, at=NOW)]
    return [{key: value for key, value in one.items() if key not in {"status", "cor", "tol"}} for one in claims]


@pytest.mark.parametrize("most_known", [3_000, 0])
def test_what_was_prepared_elsewhere_is_kept_as_if_prepared_here(small_county, tmp_path, monkeypatch, most_known):
    monkeypatch.setattr(sent_rows, "_MOST_KNOWN", most_known)
    act, results = Act("王科员", NOW, tmp_path / "key"), []
    for name, way in (("here", here), ("elsewhere", elsewhere)):
        (tmp_path / name).mkdir()
        with an_office(small_county, tmp_path / name) as plain:
            office = by_policy(plain)
            firm, rows = find_firm(office.connection, "firm"), rows_of(office)
            prepared = way(rows, office, firm)
            done = file_part(rows, office, act, firm=firm, name="day.csv", prepared=prepared)
            results.append((done, *kept(office), said(office)))
    assert results[0] == results[1]
    assert (results[0][0].issued, results[0][0].again) == (3, 1)


def test_what_cannot_be_asked_is_not_sent(small_county, tmp_path):
    with an_office(small_county, tmp_path) as office:
        firm = find_firm(office.connection, "firm")
        sender = Sender(code_desk("A" * 8, office.settings.public_url))
        message = sender.sent([BaotongError("place-unknown", "destination")])
        assert Receiver().rows(message).prepared([rows_of(office)[1].application], firm) == [None]


def test_the_ground_changes_with_what_the_rules_look_at(small_county, tmp_path):
    with an_office(small_county, tmp_path) as office:
        before = ground_of(office.connection)
        assert ground_of(office.connection) == before
        put_on_whitelist(office.connection, {"name": "别家", "id": "firm9", "plate": "豫R99999", "link": "own"})
        assert ground_of(office.connection) != before
