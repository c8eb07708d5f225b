from __future__ import annotations

import io
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from geodata.errors import BadInputError
from passes.reports import photos
from passes.reports.photos import LONGEST_SIDE, MOST_BYTES, take_photo
from tests.photo_files import SVG, a_noisy_picture, a_picture, with_exif


def refusal(data: bytes) -> str:
    with pytest.raises(BadInputError) as refused:
        take_photo(data, where="photo")
    return refused.value.code


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_any_usual_kind_is_kept_as_jpeg(kind):
    photo = take_photo(a_picture(kind=kind), where="photo")
    assert (opened(photo.content).format, photo.width, photo.height) == ("JPEG", 400, 300)


def test_a_photo_forgets_where_and_by_what_it_was_taken():
    sent = with_exif()
    assert b"PHONE-MAKER" in sent
    photo = take_photo(sent, where="photo")
    assert b"PHONE-MAKER" not in photo.content
    assert dict(opened(photo.content).getexif()) == {}


def test_a_photo_is_turned_upright():
    lying = take_photo(with_exif(orientation=6), where="photo")
    assert (lying.width, lying.height) == (300, 400)
    red, _, blue = opened(lying.content).convert("RGB").getpixel((150, 20))
    assert (red > 200, blue < 60) == (True, True)


def test_a_large_photo_is_made_small():
    sent = a_noisy_picture(3200)
    assert 8_000_000 < len(sent) < MOST_BYTES
    photo = take_photo(sent, where="photo")
    assert max(photo.width, photo.height) == LONGEST_SIDE
    assert len(photo.content) < 2_500_000


def test_what_was_transparent_is_white():
    file = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(take_photo(file.getvalue(), where="photo").content).getpixel((9, 9)) == (255, 255, 255)


def test_the_same_picture_has_the_same_name():
    assert take_photo(a_picture(), where="a").digest == take_photo(a_picture(), where="b").digest


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo-empty"),
        (SVG, "photo-not-a-picture"),
        (b"%PDF-1.7 no picture", "photo-not-a-picture"),
        (b"\xff\xd8\xff\xe0 starts like a JPEG", "photo-damaged"),
        (a_picture()[:900], "photo-damaged"),
        (a_picture(kind="GIF"), "photo-not-a-picture"),
        (b"\0" * (MOST_BYTES + 1), "photo-too-large"),
    ],
)
def test_what_is_no_photo_is_refused(data, code):
    assert refusal(data) == code


def png_of(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises a huge picture."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    parts = [len(d).to_bytes(4, "big") + n + d + zlib.crc32(n + d).to_bytes(4, "big") for n, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_does(side):
    assert refusal(png_of(side, side)) == "photo-too-many-pixels"


def test_a_crowd_of_photos_is_unpacked_two_at_a_time(monkeypatch):
    unpacked, most, unpack, guard = [0], [0], photos._upright, threading.Lock()

    def counted(data: bytes, where: str) -> Image.Image:
        with guard:
            unpacked[0] += 1
            most[0] = max(most[0], unpacked[0])
        try:
            return unpack(data, where)
        finally:
            with guard:
                unpacked[0] -= 1

    monkeypatch.setattr(photos, "_upright", counted)
    data = a_picture()
    with ThreadPoolExecutor(8) as pool:
        assert len({one.digest for one in pool.map(lambda _: take_photo(data, where="photo"), range(24))}) == 1
    assert 1 <= most[0] <= 2
