"""What a phone's camera sees of a code: pictures with blur, glare and dirt, and a video that Chromium takes for a camera."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from passes.tokens.qr_image import draw_qr_png

#: Width and height of a frame.
FRAME = (640, 480)
#: Radius of the smallest and largest spot of each kind of dirt, as shares of the picture's side.
SPOTS = {"splashes": None, "stains": (0.02, 0.05), "drops": (0.008, 0.02), "specks": (0.003, 0.008)}


def code_picture(code: str, side: int) -> Image.Image:
    """Return the QR of a code with its quiet zone, so many pixels wide."""
    drawn = Image.open(io.BytesIO(draw_qr_png(code, pixels_a_module=8))).convert("L")
    return drawn.resize((side, side), Image.Resampling.BOX)


def soil(picture: Image.Image, share: float, chance: random.Random, *, spots: str = "splashes") -> Image.Image:
    """Cover a share of a code's area, its quiet zone included, with opaque spots of one kind, wherever they fall.

    Each spot is of one grey between nearly black and nearly white. Splashes are two, of half the share each; of the other
    kinds there are as many as it takes. Spots may lie on the corner marks.
    """
    side, radii = picture.width, SPOTS[spots]
    soiled, covered = picture.copy(), Image.new("1", picture.size, 0)
    while share and np.asarray(covered).mean() < 0.99 * share:
        radius = side * (math.sqrt(share / 2 / math.pi) if radii is None else chance.uniform(*radii))
        inside = radius if radii is None else 0
        x, y = (chance.uniform(inside, side - inside) for _ in "xy")
        box = (x - radius, y - radius, x + radius, y + radius)
        ImageDraw.Draw(soiled).ellipse(box, fill=chance.randrange(40, 200))
        ImageDraw.Draw(covered).ellipse(box, fill=1)
    return soiled


def tear(picture: Image.Image, share: float, chance: random.Random) -> Image.Image:
    """Tear one corner off, such a share of the whole."""
    side, torn = picture.width, picture.copy()
    leg = side * math.sqrt(2 * share)
    x, y = chance.choice([0, side]), chance.choice([0, side])
    ImageDraw.Draw(torn).polygon([(x, y), (abs(x - leg), y), (x, abs(y - leg))], fill=190)
    return torn


def show_on_screen(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Return a photo of a screen that shows the code: its dots beat with the camera's (moire)."""
    rows, columns = np.mgrid[0 : picture.height, 0 : picture.width]
    pitch, turn = chance.uniform(2.2, 4.5), chance.uniform(-0.2, 0.2)
    across = np.sin(2 * np.pi * (columns + turn * rows) / pitch)
    down = np.sin(2 * np.pi * (rows - turn * columns) / pitch)
    seen = np.asarray(picture, dtype=np.float64) * (0.8 + 0.1 * across + 0.1 * down)
    return Image.fromarray(np.clip(seen + 20, 0, 255).astype(np.uint8))


def glare(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Lay a bright haze over one corner, as a lamp on a damp windscreen does."""
    haze = Image.new("L", picture.size, 0)
    x, y = chance.choice([0, picture.width]), chance.choice([0, picture.height])
    radius = picture.width * 0.6
    ImageDraw.Draw(haze).ellipse((x - radius, y - radius, x + radius, y + radius), fill=110)
    return ImageChops.add(picture, haze.filter(ImageFilter.GaussianBlur(picture.width / 6)))


@dataclass(frozen=True)
class Wear:
    """What a code has been through: blur in pixels, a share of dirt in spots of a kind, a torn corner, glare, a screen."""

    blur: float = 0.0
    dirt: float = 0.0
    spots: str = "splashes"
    torn: float = 0.0
    glare: bool = False
    screen: bool = False


def worn(code: str, side: int, wear: Wear, chance: random.Random) -> Image.Image:
    """Return what is left of a code, a little turned on a grey ground."""
    picture = soil(code_picture(code, side), wear.dirt, chance, spots=wear.spots)
    if wear.torn:
        picture = tear(picture, wear.torn, chance)
    if wear.glare:
        picture = glare(picture, chance)
    ground = Image.new("L", (side + 60, side + 60), 190)
    ground.paste(picture, (30 + chance.randrange(-8, 9), 30 + chance.randrange(-8, 9)))
    turned = ground.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC, fillcolor=190)
    blurred = turned.filter(ImageFilter.GaussianBlur(wear.blur)) if wear.blur else turned
    return show_on_screen(blurred, chance) if wear.screen else blurred


def write_video(
    path: Path, code: str, *, side: int = 400, blur: float = 0.0, frames: int = 20, shown: Image.Image | None = None
) -> Path:
    """Write a video of a code (MJPEG: pictures one after the other), or of what is left of one."""
    picture = Image.new("L", FRAME, 190)
    shown = shown or code_picture(code, side)
    picture.paste(shown, tuple((whole - part) // 2 for whole, part in zip(FRAME, shown.size, strict=True)))
    frame = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(blur)).convert("RGB").save(frame, "JPEG", quality=85)
    path.write_bytes(frame.getvalue() * frames)
    return path
