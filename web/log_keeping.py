"""Keep a signed checkpoint of the history log outside the database, whenever the log has grown."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.errors import BaotongError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county import County
    from geodata.ledger.tree import Checkpoint
    from web.site import Site

LOG: Final = logging.getLogger("baotong.web")


def keep_state(store: sa.Engine, county: County, key_file: Path, *, at: datetime) -> Checkpoint:
    """Sign the log's state, keep it in the county folder, and return it.

    The county's first key is made on first need. A log that does not go on from what was kept before is signed as it
    is and not kept: what was kept before is what tells of it.

    Raises
    ------
    SurroundingsError
        What is wrong with the key file, `no-signing-key`, or `disk-write-failed`.
    """
    from geodata.ledger.register import read_ledger
    from geodata.store import transaction
    from passes.audit.kept_checkpoints import checkpoint_folder, keep_checkpoint
    from passes.keyring.key_register import has_keys, open_key_ring
    from passes.orders.log_checkpoint import log_origin, sign_checkpoint

    with transaction(store, writes=False) as connection:
        makes_key = not has_keys(connection)
    with transaction(store, writes=makes_key) as connection:
        key = open_key_ring(connection, key_file, at=at).current(at)
        ledger, folder = read_ledger(connection), checkpoint_folder(county, connection)
    state = sign_checkpoint(ledger.checkpoint(log_origin(county.settings)), key)
    if folder is not None:
        keep_checkpoint(ledger, state, folder, at=at.astimezone(county.settings.timezone))
    return state


def keep_site_state(site: Site) -> None:
    """Keep the log's state of a served county; where that fails the log says so and the next time tries again."""
    try:
        keep_state(site.store, site.county, site.key_file, at=site.now())
    except BaotongError as error:
        LOG.warning("no checkpoint kept", extra={"code": error.code})
