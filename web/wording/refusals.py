"""Reasons for not letting a truck pass: Chinese as the county's policy has them, English for those usually listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.policy import Reason

_ENGLISH: Final[Mapping[str, str]] = {
    "code_invalid": "The code is not valid",
    "plate_differs": "The plate differs",
    "person_differs": "The people differ",
    "goods_differ": "The goods differ",
    "test_expired": "The test has expired",
    "fever": "Fever, or no cooperation",
    "road_blocked": "The road ahead is blocked",
    "traffic_police": "Traffic police demand it",
    "other": "Other (call the duty desk first)",
}


def reason_text(reason: Reason, lang: str) -> str:
    """Return a reason as it is said; one that only the county knows is said in its own words."""
    return reason.text if lang == "zh" else _ENGLISH.get(reason.id, reason.text)
