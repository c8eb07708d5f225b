"""Situations in which a pass is judged: what is trusted, when, and what the guard sees; all named in `trust.json`."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

from geodata.windows import format_instant, parse_instant
from passes.verifying.key_list import KeyList, read_key_list
from passes.verifying.status_list import StatusLists, read_status_list
from passes.verifying.trust import Trust
from tests.signed_passes import AT, CLAIMS, HOUR, ROOT, key_list

FOLDER = Path(__file__).parent
TRUST = json.loads((FOLDER / "trust.json").read_text(encoding="ascii"))
SECOND = timedelta(seconds=1)
#: Nobody looked at the truck, and all that is trusted is fresh.
CALM = {
    "keys": "current",
    "status_list": "fresh",
    "at": format_instant(AT),
    "plate": None,
    "position": None,
    "way": None,
}
_TIMES = [
    *(time + by for time in (CLAIMS.not_before, CLAIMS.expires_at) for by in (-SECOND, timedelta(), SECOND)),
    *(
        AT + by
        for by in (-24 * HOUR, 2 * HOUR, 8 * HOUR, 8 * HOUR + SECOND, 23 * HOUR, 24 * HOUR, 70 * HOUR, 7 * 24 * HOUR)
    ),
]
_PLATES = [
    CLAIMS.plate,
    "豫Ｒ·１２３４５",
    "豫r 12345",
    "豫R-1234\u00a05",
    "豫R54321",
    "",
    "豫R1234\ufeff5",
    "\x1c豫R12345",
    "豫R12345\x85",
]


def situation(chance: random.Random) -> dict[str, Any]:
    """Return one by chance."""
    keys = chance.choice([*TRUST["key_lists"], "current", "current", "rooted", "rooted"])
    lon, lat = chance.choice(CLAIMS.corridor)
    beside = [lon + chance.uniform(-0.01, 0.01), lat + chance.uniform(-0.01, 0.01)]
    found: dict[str, Any] = {
        "keys": keys,
        "status_list": chance.choice([*TRUST["status_lists"], "fresh", "fresh", "fresh", None]),
        "at": format_instant(chance.choice([AT, AT, AT, *_TIMES])),
        "plate": chance.choice([None, None, *_PLATES]),
        "position": chance.choice([None, None, beside, [lon, lat], [0.0, 0.0], [180.0, -90.0]]),
        "way": chance.choice([None, None, "along", "against"]),
    }
    if keys == "rooted" and chance.random() < 0.7:
        found["foreign"] = chance.choice([*TRUST["foreign_lists"]])
    if found["status_list"] is not None and chance.random() < 0.15:
        found["seen"] = format_instant(AT - chance.choice([HOUR, 24 * HOUR]))
    return found


def trust_of(vector: dict[str, Any]) -> Trust:
    """Return what a vector, or a situation, trusts."""
    document = TRUST["key_lists"][vector["keys"]]
    keys = read_key_list(document, where="trust.json", root=ROOT.public if "root_list" in document else None)
    name = vector["status_list"]
    # A verifier reads its status list when it arrives, with the keys of that day.
    held = read_status_list(TRUST["status_lists"][name], key_list(), where="trust.json") if name else None
    others = {}
    if "foreign" in vector:
        issuer, text = TRUST["foreign_issuer"], TRUST["foreign_lists"][vector["foreign"]]
        own = KeyList(keys.others[issuer].keys, issuer)
        others = {issuer: StatusLists((read_status_list(text, own, where="trust.json"),))}
    if held is not None and "seen" in vector and held.issued_at < parse_instant(vector["seen"], where="seen"):
        return Trust(keys, older_list=held)
    return Trust(keys, held, others=others)
