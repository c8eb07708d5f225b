"""Keep the board and the tickets' clock going: in a thread every minute and on every change, else by a page.

A page brings the board up to date itself, as that takes a moment only. Where very much is on the board and a thread
keeps it, the page shows it as it is and says so: that thread is at work on the change already.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from flask import flash
from flask_babel import gettext as _

from geodata.errors import BaotongError, SurroundingsError
from geodata.tickets.board_register import has_board
from passes.tickets.board import board_time, is_board_fresh, judge_board, write_board
from passes.tickets.clock import run_clock
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
#: Judging more rows than these takes longer than a reader should wait.
_LARGE_BOARD: Final = 2_000


def keep_board(site: Site) -> None:
    """Bring board and tickets up to now for a page; where nothing can be written it shows them as they are."""
    try:
        if site.is_board_kept and _is_left_to_thread(site):
            return
        write_on(site, slack_min=PAGE_SLACK_MIN)
    except SurroundingsError as error:
        LOG.warning("board waits", extra={"code": error.code})


def _is_left_to_thread(site: Site) -> bool:
    """Tell whether the board is a large one; a reader of one that is not up to now is told of when it is."""
    with site.transaction(writes=False) as connection:
        if not has_board(connection, more_than=_LARGE_BOARD):
            return False
        if not is_board_fresh(connection, at=site.now(), slack_min=PAGE_SLACK_MIN):
            as_of = board_time(connection).astimezone(site.county.settings.timezone)
            flash(_("The newest changes are being checked; what you see is of %(time)s.", time=f"{as_of:%H:%M}"))
    return True


def write_on(site: Site, *, slack_min: int) -> bool:
    """Bring board and tickets up to now where they are older; tell whether there was something to do.

    The checks run while others may write; only what they found is written as the only writer, and not where the
    register has changed meanwhile.
    """
    for _try in range(_TRIES):
        at = site.now()
        with site.transaction(writes=False) as connection:
            if is_board_fresh(connection, at=at, slack_min=slack_min):
                return False
            audit = judge_board(connection, site.county, at=at, ready_engine=partial(_engine, site, connection))
        with site.transaction(writes=True) as connection:
            if write_board(connection, audit):
                run_clock(connection, site.county, audit.reopen, at=at)
                return True
    return True


def _engine(site: Site, connection: sa.Connection) -> Engine:
    """Return the roads as they are open; the transaction changes nothing."""
    return site.network.engine(connection, keeps=True)


def keep_time(site: Site) -> None:
    """Do the same for a worker, which goes on whatever happens; each time the log's state is kept outside too.

    The roads are made ready with it, so that the first page after a change finds them.
    """
    try:
        if write_on(site, slack_min=0):
            keep_site_state(site)
        with site.transaction(writes=False) as connection:
            _engine(site, connection)
    except BaotongError as error:
        LOG.warning("clock waits", extra={"code": error.code})
    except Exception:
        LOG.exception("clock failed", extra={"code": "bug"})
