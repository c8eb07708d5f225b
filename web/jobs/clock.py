"""Keep the board and the tickets' clock going: in the worker every minute and on every change, else by a page."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from geodata.errors import BaotongError, SurroundingsError
from geodata.store import transaction
from passes.burst_register import delete_positions, has_positions
from passes.ticket_board import is_board_fresh, judge_board, write_board
from passes.ticket_clock import run_clock
from web.log_keeping import keep_site_state
from web.site import Site

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.engine import Engine

LOG: Final = logging.getLogger("baotong.web")
#: A page takes a board that is not older than so many minutes; the worker keeps it younger.
PAGE_SLACK_MIN: Final = 1
#: So often the register may change under the audit before it is left to the next time.
_TRIES: Final = 3


def keep_board(site: Site) -> None:
    """Bring board and tickets up to now for a page; where nothing can be written it shows them as they are."""
    try:
        write_on(site, slack_min=PAGE_SLACK_MIN)
    except SurroundingsError as error:
        LOG.warning("board waits", extra={"code": error.code})


def write_on(site: Site, *, slack_min: int) -> bool:
    """Bring board and tickets up to now where they are older; tell whether there was something to do.

    The checks run while others may write; only what they found is written as the only writer, and not where the
    register has changed meanwhile.
    """
    for _ in range(_TRIES):
        at = site.now()
        with transaction(site.store, writes=False) as connection:
            if is_board_fresh(connection, at=at, slack_min=slack_min):
                return False
            audit = judge_board(connection, site.county, at=at, ready_engine=partial(_engine, site, connection))
        with transaction(site.store, writes=True) as connection:
            if write_board(connection, audit):
                run_clock(connection, site.county, audit.reopen, at=at)
                return True
    return True


def _engine(site: Site, connection: sa.Connection) -> Engine:
    """Return the roads as they are open; the transaction changes nothing."""
    return site.network.engine(connection, keeps=True)


def forget_positions(site: Site) -> None:
    """Delete positions of phones whose days are over."""
    before = site.now() - timedelta(days=site.county.settings.policy.tracks.keep_days)
    with transaction(site.store, writes=False) as connection:
        if not has_positions(connection, received_before=before):
            return
    with transaction(site.store, writes=True) as connection:
        delete_positions(connection, received_before=before)


def keep_time(site: Site) -> None:
    """Do the same for a worker, which goes on whatever happens; each time the log's state is kept outside too."""
    try:
        if write_on(site, slack_min=0):
            keep_site_state(site)
        forget_positions(site)
    except BaotongError as error:
        LOG.warning("clock waits", extra={"code": error.code})
    except Exception:
        LOG.exception("clock failed", extra={"code": "bug"})
