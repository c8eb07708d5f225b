"""What a phone's camera sees of a code: pictures with blur, glare and dirt, and a video that Chromium takes for a camera."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from passes.qr_image import draw_qr_png

#: Width and height of a frame.
FRAME = (640, 480)
#: Middles of a code's three corner marks, and half their side, as shares of the picture with its quiet zone.
_MARKS = ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9))
_HALF_MARK = 0.07


def code_picture(code: str, side: int) -> Image.Image:
    """Return the QR of a code with its quiet zone, so many pixels wide."""
    drawn = Image.open(io.BytesIO(draw_qr_png(code, pixels_a_module=8))).convert("L")
    return drawn.resize((side, side), Image.Resampling.BOX)


def soil(picture: Image.Image, share: float, chance: random.Random, *, anywhere: bool = False) -> Image.Image:
    """Cover a share of a code with two splashes.

    They miss the three corner marks unless they may lie anywhere: a code whose marks are covered is found by no reader,
    and the guard types the number.
    """
    side, radius = picture.width, math.sqrt(share / 2 / math.pi)
    soiled, splashes = picture.copy(), 2 if share else 0
    while splashes:
        x, y = chance.uniform(radius, 1 - radius), chance.uniform(radius, 1 - radius)
        if not anywhere and any(_gap(x, mark[0], y, mark[1]) < radius for mark in _MARKS):
            continue
        box = [(one + by) * side for by in (-radius, radius) for one in (x, y)]
        ImageDraw.Draw(soiled).ellipse(box, fill=chance.randrange(40, 200))
        splashes -= 1
    return soiled


def _gap(x: float, mark_x: float, y: float, mark_y: float) -> float:
    """Return how far a point lies from the square of a corner mark."""
    return math.hypot(max(abs(x - mark_x) - _HALF_MARK, 0), max(abs(y - mark_y) - _HALF_MARK, 0))


def glare(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Lay a bright haze over one corner, as a lamp on a damp windscreen does."""
    haze = Image.new("L", picture.size, 0)
    x, y = chance.choice([0, picture.width]), chance.choice([0, picture.height])
    radius = picture.width * 0.6
    ImageDraw.Draw(haze).ellipse((x - radius, y - radius, x + radius, y + radius), fill=110)
    return ImageChops.add(picture, haze.filter(ImageFilter.GaussianBlur(picture.width / 6)))


@dataclass(frozen=True)
class Wear:
    """What a code has been through: blur in pixels, a share of dirt (anywhere, or beside the corner marks), glare."""

    blur: float = 0.0
    dirt: float = 0.0
    anywhere: bool = False
    glare: bool = False


def worn(code: str, side: int, wear: Wear, chance: random.Random) -> Image.Image:
    """Return what is left of a code, a little turned on a grey ground."""
    picture = soil(code_picture(code, side), wear.dirt, chance, anywhere=wear.anywhere)
    if wear.glare:
        picture = glare(picture, chance)
    ground = Image.new("L", (side + 60, side + 60), 190)
    ground.paste(picture, (30 + chance.randrange(-8, 9), 30 + chance.randrange(-8, 9)))
    turned = ground.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC, fillcolor=190)
    return turned.filter(ImageFilter.GaussianBlur(wear.blur)) if wear.blur else turned


def write_video(path: Path, code: str, *, side: int = 400, blur: float = 0.0, frames: int = 20) -> Path:
    """Write a video of a code (MJPEG: pictures one after the other)."""
    picture = Image.new("L", FRAME, 190)
    shown = code_picture(code, side)
    picture.paste(shown, ((FRAME[0] - side) // 2, (FRAME[1] - side) // 2))
    frame = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(blur)).convert("RGB").save(frame, "JPEG", quality=85)
    path.write_bytes(frame.getvalue() * frames)
    return path
