"""A pass of the small county that was issued today by the real clock, for tests of pages and of what they send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from geodata.store import transaction
from passes.applications.application import read_application
from passes.applications.office import all_conditions
from passes.editions.issuing import issue_pass
from passes.whitelist.register import find_firm
from tests.issuing_office import WHITELIST, office_of, put_on_whitelist
from tests.pass_applications import application_document
from web.site import Site


def fresh_document(site: Site, **changes: Any) -> dict[str, Any]:
    """Return an application of today: sampled this morning, setting out in an hour."""

    def in_hours(hours: float) -> str:
        return (site.now() + timedelta(hours=hours)).isoformat()

    people = {who: {"sampled_at": in_hours(-10), **changes.pop(who, {})} for who in ("driver", "rider")}
    times = {"depart_at": in_hours(1), "prereported_at": in_hours(-20)}
    return application_document(**{**people, **times, **changes})


def issue_today(site: Site, **changes: Any) -> str:
    """Issue a pass and return its number."""
    with transaction(site.store, writes=True) as connection:
        if find_firm(connection, "firm") is None:
            put_on_whitelist(connection, *WHITELIST)
        office = office_of(connection, site.county)
        document = fresh_document(site, **changes)
        application = read_application(document, where="", conditions=all_conditions(office.settings))
        record = issue_pass(application, office, key_file=site.key_file, at=site.now()).record
    assert record is not None
    return record.number
