"""A pass on the small county at the present moment, its driver's link, and what the pages of the road need."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geodata.county import County
from geodata.store import transaction
from passes.applications.application import read_application
from passes.applications.office import all_conditions
from passes.editions.issuing import issue_pass
from passes.editions.pass_register import PassRecord
from passes.messages.link_register import make_link
from tests.issuing_office import WHITELIST, office_of, put_on_whitelist
from tests.pass_applications import application_document


def the_moment() -> datetime:
    """Return the present moment, as pages see it."""
    return datetime.now(UTC)


def document_now(**changes: Any) -> dict[str, Any]:
    """Return an application of this moment: sampled ten hours ago, leaving at once."""
    at = the_moment()
    sampled = (at - timedelta(hours=10)).isoformat()
    usual = {
        "driver": {"sampled_at": sampled},
        "rider": {"sampled_at": sampled},
        "depart_at": (at + timedelta(minutes=1)).isoformat(),
        "prereported_at": (at - timedelta(hours=20)).isoformat(),
    }
    return application_document(**{**usual, **changes})


def issue_now(store: sa.Engine, county: County, key_file: Path, **changes: Any) -> PassRecord:
    """Issue a pass in a county's own register."""
    at = the_moment()
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST, at=at)
        office = office_of(connection, county)
        conditions = all_conditions(county.settings)
        application = read_application(document_now(**changes), where="", conditions=conditions)
        issued = issue_pass(application, office, key_file=key_file, at=at)
    assert issued.record is not None, issued.checked.findings
    return issued.record


def link_now(store: sa.Engine, number: str) -> str:
    """Make a pass's link and return its secret."""
    with transaction(store, writes=True) as connection:
        return make_link(connection, number, by="t", at=the_moment())
