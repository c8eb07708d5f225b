"""Pictures as phones send them, and files that only pretend to be pictures."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def a_picture(width: int = 400, height: int = 300, *, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture file: left half red, right half blue."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def a_noisy_picture(side: int) -> bytes:
    """Return a JPEG that hardly packs, as a photo of gravel does: about a byte a pixel."""
    pixels = np.random.default_rng(1).integers(0, 255, (side, side, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def with_exif(*, orientation: int = 1) -> bytes:
    """Return a JPEG that tells where it was taken, by what, and which side is up."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "PHONE-MAKER"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 2.0, 0.0), 3: "E", 4: (113.0, 1.0, 0.0)})
    return a_picture(exif=exif)
