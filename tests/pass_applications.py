"""A complete application for tests, and how to change parts of it."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2022, 7, 1, 0, 0, tzinfo=UTC)
DRIVER_ID = "360426199101010071"
RIDER_ID = "411322198001010015"


def when(**ago: float) -> str:
    """Return a time before NOW as an application writes it: with the county's offset."""
    return (NOW - timedelta(**ago)).isoformat()


_APPLICATION: dict[str, Any] = {
    "enterprise": "宏达面粉",
    "vehicle": {
        "plate": "豫R12345",
        "gross_weight_t": 18,
        "height_m": 3.8,
        "width_m": 2.5,
        "length_m": 9.6,
        "axles": 3,
        "link": "own",
    },
    "crew": [
        {
            "name": "王小明",
            "id_number": DRIVER_ID,
            "phone": "13800000000",
            "role": "driver",
            "sampled_at": when(hours=10),
            "result": "negative",
            "proof": "seen",
        },
        {
            "name": "李红",
            "id_number": RIDER_ID,
            "phone": "13900000000",
            "role": "rider",
            "sampled_at": when(hours=12),
            "result": "negative",
            "proof": "imported",
        },
    ],
    "goods": "flour",
    "origin": "clinic",
    "destination": "firm",
    "via": [],
    "depart_at": when(hours=-1),
    "round_trip": False,
    "prereported_at": when(hours=20),
}


def application_document(**changes: Any) -> dict[str, Any]:
    """Return an application whose members are replaced; a changed `vehicle` or `driver` is merged, None takes away."""
    document = deepcopy(_APPLICATION)
    parts = {"vehicle": document["vehicle"], "driver": document["crew"][0], "rider": document["crew"][1]}
    for name, part in parts.items():
        if isinstance(changes.get(name), dict):
            part.update(changes.pop(name))
        for key in [key for key, value in part.items() if value is None]:
            del part[key]
    document.update(changes)
    return {key: value for key, value in document.items() if value is not None}
