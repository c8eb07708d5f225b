"""Switch prepared editions one after the other, telling of each, until somebody kills this process."""

from __future__ import annotations

import sys
from datetime import datetime

from geodata.store import open_store, transaction
from passes.reissue.reissue_register import PREPARED, Asked, list_reissues
from passes.reissue.switch import switch_reissues


def main(url: str, at: str) -> None:
    """Switch on and on."""
    store, now = open_store(url), datetime.fromisoformat(at)
    while True:
        with transaction(store, writes=True) as connection:
            done = switch_reissues(
                connection, list_reissues(connection, PREPARED, asked=Asked(due_at=now, most=1)), at=now
            )
            sys.stdout.write("." if done else "")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
