"""Delete once a day what is kept of people no longer: in a thread of the worker, a part in each transaction."""

from __future__ import annotations

import logging
from typing import Final

from geodata.errors import BaotongError
from passes.keeping.deleting import Sweep, delete_part
from passes.keeping.deletions_register import end_round, last_round
from passes.keeping.limits import standing_subjects
from passes.tickets.board import is_board_fresh
from web.jobs.clock import write_on
from web.site import Site

LOG: Final = logging.getLogger("baotong.web")
#: So old may be what the checks found, in minutes.
_BOARD_SLACK_MIN: Final = 60


def delete_daily(site: Site) -> bool:
    """Do today's round where it is not done; tell whether it was done now.

    What a round that was cut short has deleted is written down; the next one goes on with the rest. What a clock that
    was ahead has done counts for no other day.
    """
    at, settings = site.now(), site.county.settings
    today = at.astimezone(settings.timezone).toordinal()
    with site.transaction(writes=False) as connection:
        if last_round(connection) == today:
            return False
    # What is open is what the checks find now: a board of yesterday would hold too little back.
    write_on(site, slack_min=0)
    with site.transaction(writes=False) as connection:
        if not is_board_fresh(connection, at=site.now(), slack_min=_BOARD_SLACK_MIN):
            return False
        closures = site.network.closures.list(connection, keeps=True)
    sweep = Sweep(at, standing_subjects(closures, at))
    while sweep.kinds:
        with site.transaction(writes=True) as connection:
            sweep = delete_part(connection, sweep, settings.policy)
    with site.transaction(writes=True) as connection:
        end_round(connection, today)
    return True


def keep_no_longer(site: Site) -> bool:
    """Do the same for a worker, which looks again after a while whatever happens."""
    try:
        delete_daily(site)
    except BaotongError as error:
        LOG.warning("deleting waits", extra={"code": error.code})
    return False
