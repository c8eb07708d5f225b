"""Give the demo county its root: made at once, kept beside the county, and used for the first list of its keys.

A real county's root is made and kept on a machine that has never been on a network; the demo's lies in the folder
`root`, with its passphrase, so that the whole ceremony can be tried: `keys request`, `keys root sign`, `keys publish`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.geojson import write_whole

if TYPE_CHECKING:
    from datetime import datetime

    from web.session import Session

FOLDER: Final = "root"
KEY_FILE: Final = "root.key"
PUBLIC_FILE: Final = "root.json"
PASSPHRASE_FILE: Final = "passphrase"  # noqa: S105 - a file's name
_PASSPHRASE: Final = "demo root, no secret"  # noqa: S105 - as it says


def publish_demo_root(session: Session, folder: Path, *, at: datetime) -> None:
    """Make the demo's root and publish its first list; a demo that has one keeps it."""
    from passes.keyring.root_key import lock_root, make_root
    from passes.keyring.root_publishing import ComingRoot, next_list, publish_list
    from passes.keyring.root_register import find_root
    from passes.verifying.root_list import sign_root_list

    at = at.replace(microsecond=0)
    issuer = session.county.settings.area_code
    with session.transaction(writes=True) as connection:
        if find_root(connection) is not None:
            return
        root = make_root(at=at)
        files = {
            KEY_FILE: json.dumps(lock_root(root, _PASSPHRASE), indent=1),
            PUBLIC_FILE: json.dumps(root.public.to_jwk(), indent=1),
            PASSPHRASE_FILE: _PASSPHRASE,
        }
        (folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
        for name, text in files.items():
            write_whole(folder / FOLDER / name, f"{text}\n".encode())
        token = sign_root_list(next_list(connection, issuer=issuer, at=at), root)
        publish_list(connection, token, issuer=issuer, at=at, root=ComingRoot(root.public))
