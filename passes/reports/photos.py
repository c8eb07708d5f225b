"""Take a photo as a phone sends it: prove that it is one, turn it upright, make it small, forget where it was taken.

What is kept is never what was sent: the picture is drawn anew as JPEG, so that neither position, device nor anything
hidden behind the picture is kept, and a file that is no picture cannot pass for one by its name.
"""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError

if TYPE_CHECKING:
    from PIL import Image

#: A photo of more bytes is refused: phones send three to ten million.
MOST_BYTES: Final = 12_000_000
#: A picture of more pixels is refused before it is unpacked: a small file may unpack to more than a machine holds.
MOST_PIXELS: Final = 50_000_000
#: Longest side that is kept.
LONGEST_SIDE: Final = 1600
MEDIA_TYPE: Final = "image/jpeg"
_QUALITY: Final = 82
#: Pictures unpacked at the same time: one of the largest takes some hundred megabytes until it is made small.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
#: What phones and screens make; anything else is no photo.
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept.

    Attributes
    ----------
    digest
        SHA-256 of the content, by which it is known.
    content
        JPEG without any metadata.
    """

    digest: str
    content: bytes
    width: int
    height: int


def take_photo(data: bytes, *, where: str) -> Photo:
    """Return what is kept of a photo.

    Parameters
    ----------
    data
        The file as it was sent, whatever its name says.

    Raises
    ------
    BadInputError
        `photo-empty`, `photo-too-large`, `photo-not-a-picture` where it is none of JPEG, PNG and WebP, or
        `photo-too-many-pixels`, `photo-damaged`.
    """
    if not data:
        raise BadInputError("photo-empty", where)
    if len(data) > MOST_BYTES:
        raise BadInputError("photo-too-large", where, mb=round(len(data) / 1e6, 1), most_mb=MOST_BYTES // 1_000_000)
    with _AT_ONCE:
        upright = _upright(data, where)
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    content = kept.getvalue()
    return Photo(hashlib.sha256(content).hexdigest(), content, *upright.size)


def _upright(data: bytes, where: str) -> Image.Image:
    """Return the picture upright, small and without transparency."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    too_many = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise _too_many_pixels(where)
            # A JPEG is unpacked no larger than needed.
            sent.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            turned = ImageOps.exif_transpose(sent)
    except too_many:
        raise _too_many_pixels(where) from None
    except UnidentifiedImageError:
        raise BadInputError("photo-not-a-picture", where) from None
    except (OSError, SyntaxError, ValueError, EOFError) as fault:
        if isinstance(fault, BadInputError):
            raise
        raise BadInputError("photo-damaged", where) from None
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _on_white(turned)


def _too_many_pixels(where: str) -> BadInputError:
    return BadInputError("photo-too-many-pixels", where, most_million=MOST_PIXELS // 1_000_000)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the bare pixels of a picture, what was transparent white."""
    from PIL import Image

    drawn = picture.convert("RGBA")
    bare = Image.new("RGB", drawn.size, "white")
    bare.paste(drawn, mask=drawn.getchannel("A"))
    return bare
