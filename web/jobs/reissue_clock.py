"""Bring re-issuing on: look for hit passes when closures change, plan them anew, and switch when roads close.

Every step is a transaction of its own and finds by itself what is left to do, so that a server that was killed goes on
where it stopped.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from geodata.errors import BaotongError
from geodata.store import CLOSURE_SET_VERSION, read_counter, set_counter
from passes.reissue.finding import approved_from, look_for_hits
from passes.reissue.outgoing_register import due_outgoing
from passes.reissue.reissue_register import ACTIVE, FOUND, OVERTAKEN, PREPARED, Asked, list_hit_closures, list_reissues
from web.site import Site

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from passes.applications.office import Office
    from passes.reissue.reissue_register import Reissue

LOG: Final = logging.getLogger("baotong.web")
#: Up to which version of the closures passes were looked for; 0: look at every closure again.
_LOOKED: Final = "reissue_looked"
#: Passes planned, and switched, in one transaction: others wait for it.
_PLANNED_AT_ONCE: Final = 200
_SWITCHED_AT_ONCE: Final = 500


def keep_reissues(site: Site) -> int:
    """Do what is left to do; return how many passes were planned or switched.

    A fault is written to the log and tried again the next time.
    """
    try:
        _look(site)
        return _all(site)
    except BaotongError as error:
        LOG.warning("re-issuing waits", extra={"code": error.code})
    except Exception:
        LOG.exception("re-issuing failed", extra={"code": "bug"})
    return 0


def _look(site: Site) -> None:
    at = site.now()
    with site.transaction(writes=False) as connection:
        looked, version = read_counter(connection, _LOOKED), read_counter(connection, CLOSURE_SET_VERSION)
        is_over = any(one.ends_at is not None and one.ends_at <= at for one in list_hit_closures(connection, ACTIVE))
        if looked == version and not is_over:
            return
        site.network.engine(connection, keeps=True)
    with site.transaction(writes=True) as connection:
        closures = site.network.closures.list(connection, keeps=False)
        network = site.county.network
        approved = approved_from(closures, site.county.settings, network, at=at)
        look_for_hits(connection, approved, network=network, at=at, again=looked == 0)
        set_counter(connection, _LOOKED, read_counter(connection, CLOSURE_SET_VERSION))


def _all(site: Site) -> int:
    """Do step after step until nothing is left; what is due never waits for more than one part of the planning."""
    done = 0
    while count := sum(some(site, site.now()) for some in (_switch_some, _end_some, _plan_some)):
        done += count
    return done


def _plan_some(site: Site, at: datetime) -> int:
    from passes.reissue.planning import prepare_reissues

    with site.transaction(writes=False) as connection:
        if not list_reissues(connection, FOUND, asked=Asked(most=1)):
            return 0
    with site.transaction(writes=True) as connection:
        rows = list_reissues(connection, FOUND, asked=Asked(most=_PLANNED_AT_ONCE))
        done = prepare_reissues(_office(site, connection), rows, key_file=site.key_file, at=at)
        _look_again_where_overtaken(connection, done)
    return len(done)


def _switch_some(site: Site, at: datetime) -> int:
    from passes.reissue.switch import switch_reissues

    with site.transaction(writes=False) as connection:
        if not list_reissues(connection, PREPARED, asked=Asked(due_at=at, most=1)):
            return 0
    with site.transaction(writes=True) as connection:
        rows = list_reissues(connection, PREPARED, asked=Asked(due_at=at, most=_SWITCHED_AT_ONCE))
        done = switch_reissues(connection, rows, at=at)
        _look_again_where_overtaken(connection, done)
    return len(done)


def _end_some(site: Site, at: datetime) -> int:
    """End the old codes whose new editions are delivered and whose roads are closed."""
    from passes.reissue.switch import end_old_codes

    with site.transaction(writes=False) as connection:
        if not due_outgoing(connection, at=at, most=1):
            return 0
    with site.transaction(writes=True) as connection:
        return end_old_codes(connection, at=at, most=_SWITCHED_AT_ONCE)


def _look_again_where_overtaken(connection: sa.Connection, done: tuple[Reissue, ...]) -> None:
    """Look at every closure again: an edition that came about otherwise, such as by another key, may be hit as well."""
    if any(one.state == OVERTAKEN for one in done):
        set_counter(connection, _LOOKED, 0)


def _office(site: Site, connection: sa.Connection) -> Office:
    from passes.applications.office import Office
    from routing.trips.trip import trip_map_of

    county = site.county
    return Office(connection, county.settings, trip_map_of(county), site.network.engine(connection, keeps=False))
