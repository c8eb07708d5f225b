"""The process beside a worker that asks the rules of rows: it only reads, and sends what comes of them to its output.

It is told by its input where the county and its database are, keeps nothing, and ends when its input does: with whoever
started it. What it does not answer is done by that one.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import IO, Final

from web.firm.side_frames import Answer, Asked, Opening, read_frame, write_frame

#: A name as long as that of any key: codes are drawn to fit with it.
_ANY_KID: Final = "AAAAAAAA"


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Open the county, say what is open (state of its files, digest of its map), then answer until the input ends."""
    from passes.applications.office import Office
    from passes.intake.preparing import ground_of, prepare
    from passes.intake.sent_rows import Sender
    from passes.tokens.code_fitting import code_desk
    from passes.whitelist.register import find_firm
    from routing.trips.trip import trip_map_of
    from web.session import Session
    from web.site import open_site

    opening: Opening = read_frame(source)
    site = open_site(Session(opening.folder, opening.database_url, "", as_json=False))
    county = site.county
    if county.settings != opening.settings:
        return
    sender = Sender(code_desk(_ANY_KID, county.settings.public_url))
    with site.transaction(writes=False) as connection:
        site.network.engine(connection, keeps=True)
    write_frame(sink, (site.state, county.network.digest))
    while True:
        asked: Asked = read_frame(source)
        with site.transaction(writes=False) as connection:
            engine = site.network.engine(connection, keeps=True)
            office = Office(connection, county.settings, trip_map_of(county), engine)
            firm, ground = find_firm(connection, opening.firm), ground_of(connection)
            if firm is None:
                return
            prepared = prepare(asked.documents, office, firm=firm, at=asked.at)
        write_frame(sink, Answer(asked.number, ground, sender.sent(prepared)))


def main() -> None:
    """Talk to whoever started this process by its input and output; whatever else is written goes elsewhere."""
    # Who started it ends it; a key pressed there is not meant for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, sink)
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
