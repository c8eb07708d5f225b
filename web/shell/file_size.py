"""How large a form may be, and a file that it takes: whoever sends a larger one is told that limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from flask import Flask
from flask_babel import lazy_gettext as _l

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE: Final = "most_megabytes"
#: What every other form takes: a photo as a phone makes it.
MOST_MB: Final = 12
#: A form without a file; reading a megabyte of empty fields costs half a second.
WORDS_ALONE: Final = "application/x-www-form-urlencoded"
#: The largest that people fill in: an area of thousands of corners, or hundreds of tickets answered together.
MOST_WORD_BYTES: Final = 1_000_000
#: From somebody without an account: a report by link has some hundred letters.
MOST_STRANGERS_BYTES: Final = 100_000


def takes_at_most(megabytes: int) -> Callable[[View], View]:
    """Say that a view takes files of so many megabytes."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, megabytes)
        return view

    return mark


def megabytes_of(app: Flask, endpoint: str | None) -> int:
    """Return how many megabytes the form of an endpoint takes."""
    return int(getattr(app.view_functions.get(endpoint or ""), _ATTRIBUTE, MOST_MB))


def camera_marks() -> dict[str, Any]:
    """Return what the field of a photo carries: the camera opens, and what is too large is told at once."""
    return {"accept": "image/jpeg,image/png,image/webp", "capture": "environment", **size_marks()}


def size_marks(megabytes: int = MOST_MB) -> Mapping[str, Any]:
    """Return what a file field carries, so that its page says at once that a file is too large."""
    said = _l("This file has {mb} MB; at most {most} MB are taken. Choose a smaller one.")
    return {"data-most-mb": str(megabytes), "data-too-large": said}
