"""The fullest and a usual code are read from 240 pixels: on a screen, blurred, dirty, and in the glare of a damp scan."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp

from passes.pass_code import fit_claims, to_code
from passes.qr_image import make_qr
from tests.fake_camera import Wear, worn
from tests.signed_passes import CLAIMS, KEY, DrawnBy, forge, winding_route

URL = "https://pass.example"
LINE = winding_route(200)


def with_points(count):
    return replace(CLAIMS, corridor=tuple(LINE[place * (len(LINE) - 1) // (count - 1)] for place in range(count)))


CODES = {
    "fullest": to_code(forge(fit_claims(CLAIMS, DrawnBy(with_points), kid=KEY.kid, public_url=URL).to_claims()), URL),
    "usual": to_code(forge(with_points(12).to_claims()), URL),
}
WEAR = {
    "screen": Wear(),
    "blur": Wear(blur=1.0),
    "dirt": Wear(dirt=0.06),
    "blur and dirt": Wear(blur=0.8, dirt=0.06),
    "damp": Wear(blur=0.8, glare=True),
}


def share_read(code, wear, tries, *, side=240):
    """Return how many of so many pictures give the code back."""
    chance, read = random.Random(1), 0
    for _ in range(tries):
        picture = np.asarray(worn(code, side, wear, chance))
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        read += bool(found) and found[0].text == code
    return read / tries


def test_the_fullest_code_is_of_the_largest_version():
    assert (make_qr(CODES["fullest"]).version, make_qr(CODES["usual"]).version) == (15, 13)


@pytest.mark.parametrize("wear", WEAR)
@pytest.mark.parametrize("code", CODES)
def test_each_of_twelve_pictures_at_240_pixels_is_read(code, wear):
    assert share_read(CODES[code], WEAR[wear], 12) == 1.0


@pytest.mark.long
@pytest.mark.parametrize("wear", WEAR)
@pytest.mark.parametrize("code", CODES)
def test_of_a_thousand_pictures_at_240_pixels_at_least_980_are_read(code, wear):
    assert share_read(CODES[code], WEAR[wear], 1_000) >= 0.98
