"""The checkpoint's lists: what one saw and did within a day, and what the office and supervision must look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import render_template
from werkzeug.wrappers import Response

from passes.audit.refusal_rules import is_to_be_looked_at
from passes.checkpoint.ahead_register import void_let_pass
from passes.checkpoint.doubled_passes import find_doubled, least_times
from passes.checkpoint.scan_register import BARRED, NOT_LET_PASS, REFERRED, Scan, list_scans
from web.checkpoint.blueprint import pages
from web.checkpoint.post import checkpoints, here_or_refuse
from web.shell.access import allow
from web.site import reading, site
from web.wording.refusals import reason_text

_DAY: Final = timedelta(hours=24)
#: Of a county's checkpoints within a week.
_MOST_SCANS: Final = 100_000


@pages.get("/log")
@allow("C")
def day_log() -> Response | str:
    """List what this checkpoint saw and did within a day."""
    here = here_or_refuse()
    with reading() as connection:
        scans = list_scans(connection, checkpoint=here.id, since=site().now() - _DAY)
    return render_template("checkpoint/log.html", here=here, scans=scans, reason_of=_reason_of)


@pages.get("/refusals")
@allow("T", "S")
def refusals() -> str:
    """List every truck that was not let through, with a pass or without; those to be looked at come first (K9)."""
    with reading() as connection:
        since = site().now() - 7 * _DAY
        found = list_scans(connection, outcomes=(NOT_LET_PASS, BARRED, REFERRED), since=since)
        void = void_let_pass(connection, since=since)
    policy = site().county.settings.policy
    first = [one for one in found if is_to_be_looked_at(one, policy)]
    names = {one.id: one.name for one in checkpoints()}
    others = [one for one in found if one not in first]
    return render_template(
        "checkpoint/refusals.html",
        first=first,
        others=others,
        void=void,
        names=names,
        reason_of=_reason_of,
    )


@pages.get("/doubled")
@allow("T", "S")
def doubled() -> str:
    """List passes that were shown in two places sooner than one truck can drive (X1)."""
    county = site().county
    with reading() as connection:
        scans = list_scans(connection, since=site().now() - 7 * _DAY, most=_MOST_SCANS)
        engine = site().engine(connection)
    vehicle = county.settings.vehicles["car"]
    times = least_times(checkpoints(), engine, county.road_index, vehicle=vehicle, at=site().now())
    names = {one.id: one.name for one in checkpoints()}
    return render_template("checkpoint/doubled.html", found=find_doubled(scans, times), names=names)


def _reason_of(scan: Scan) -> str:
    """Return the reason of a refusal as it is said; "" where there is none."""
    policy = site().county.settings.policy
    known = {one.id: one for one in (*policy.refusal_reasons, *policy.forbidden_reasons)}
    return reason_text(known[scan.reason], site().lang) if scan.reason in known else ""
