"""Draw the code of a pass or an order as a QR: error correction M, at most version 15, sharp at any size."""

from __future__ import annotations

import io
from typing import Final

import segno
from segno import consts

from geodata.errors import BadInputError

MOST_VERSION: Final = 15
#: Of a code that carries a part of a list: larger, as it is shown on a screen and never printed.
MOST_LIST_VERSION: Final = 22
_ERROR_CORRECTION: Final = "M"


def make_qr(code: str, *, most: int = MOST_VERSION) -> segno.QRCode:
    """Return the QR of a code: the URL alphanumeric, the digits numeric (a receiving point's code has letters).

    Raises
    ------
    BadInputError
        `pass-code-too-long`: it needs more than version `most`; the issuer drops corridor points first
        (`passes.tokens.code_fitting`).
    """
    start, slash, digits = code.rpartition("/")
    # Two segments of one mode would be joined wrongly: a text without digits at its end is one segment.
    parts = [(start + slash, consts.MODE_ALPHANUMERIC), (digits, consts.MODE_NUMERIC)]
    segments = parts if digits.isdecimal() else [(code, consts.MODE_ALPHANUMERIC)]
    drawn = segno.make(
        segments,  # type: ignore[arg-type]  # segno takes segments, its annotation forgets them
        error=_ERROR_CORRECTION,
        boost_error=False,
        micro=False,
    )
    if int(drawn.version) > most:
        raise BadInputError("pass-code-too-long", "code", version=drawn.version, most=most)
    return drawn


def draw_qr(code: str, *, most: int = MOST_VERSION) -> str:
    """Return the QR as an SVG element without a size of its own, so that a style sheet scales it instead of cropping.

    Raises
    ------
    BadInputError
        `pass-code-too-long`.
    """
    return str(make_qr(code, most=most).svg_inline(omitsize=True))


def draw_qr_png(code: str, *, pixels_a_module: int = 4) -> bytes:
    """Return the QR as a PNG with its quiet zone.

    Raises
    ------
    BadInputError
        `pass-code-too-long`.
    """
    image = io.BytesIO()
    make_qr(code).save(image, kind="png", scale=pixels_a_module)
    return image.getvalue()
