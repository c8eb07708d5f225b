"""What a phone's camera sees of a code: pictures with blur, glare and dirt, and a video that Chromium takes for a camera."""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from passes.qr_image import draw_qr_png

#: Width and height of a frame.
FRAME = (640, 480)


def code_picture(code: str, side: int) -> Image.Image:
    """Return the QR of a code with its quiet zone, so many pixels wide."""
    drawn = Image.open(io.BytesIO(draw_qr_png(code, pixels_a_module=8))).convert("L")
    return drawn.resize((side, side), Image.Resampling.BOX)


def soil(picture: Image.Image, share: float, chance: random.Random) -> Image.Image:
    """Cover a share of a picture with spots of dirt."""
    soiled, pen_area = picture.copy(), picture.width * picture.height
    pen, covered = ImageDraw.Draw(soiled), 0.0
    while covered < share * pen_area:
        radius = chance.uniform(1.5, 5.0)
        x, y = chance.uniform(0, picture.width), chance.uniform(0, picture.height)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=chance.randrange(40, 200))
        covered += 3.14159 * radius * radius
    return soiled


def glare(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Lay a bright haze over one corner, as a lamp on a damp windscreen does."""
    haze = Image.new("L", picture.size, 0)
    x, y = chance.choice([0, picture.width]), chance.choice([0, picture.height])
    radius = picture.width * 0.6
    ImageDraw.Draw(haze).ellipse((x - radius, y - radius, x + radius, y + radius), fill=110)
    return ImageChops.add(picture, haze.filter(ImageFilter.GaussianBlur(picture.width / 6)))


def worn(code: str, side: int, chance: random.Random, *, blur: float = 0.0, dirt: float = 0.0) -> Image.Image:
    """Return what is left of a code after dirt, glare, a little turning and blur, on a grey ground."""
    picture = soil(code_picture(code, side), dirt, chance)
    ground = Image.new("L", (side + 60, side + 60), 190)
    ground.paste(picture, (30 + chance.randrange(-8, 9), 30 + chance.randrange(-8, 9)))
    turned = ground.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC, fillcolor=190)
    return turned.filter(ImageFilter.GaussianBlur(blur)) if blur else turned


def write_video(path: Path, code: str, *, side: int = 400, blur: float = 0.0, frames: int = 20) -> Path:
    """Write a video of a code (MJPEG: pictures one after the other)."""
    picture = Image.new("L", FRAME, 190)
    shown = code_picture(code, side)
    picture.paste(shown, ((FRAME[0] - side) // 2, (FRAME[1] - side) // 2))
    frame = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(blur)).convert("RGB").save(frame, "JPEG", quality=85)
    path.write_bytes(frame.getvalue() * frames)
    return path
