"""A signed status list as a few codes that a driver's phone shows to a checkpoint without a network.

The codes are shown one after the other, and whoever scans joins them in any order. Each is a URL with digits, as the
code of a pass: one number of the marker byte 3, how many codes there are, which one this is, four bytes that all codes
of one list share, and its part of the list: header and payload deflated (RFC 1951), then the 64 bytes of the signature.
A list of 131,072 slots with one in a hundred withdrawn takes three codes of version 22-M.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import Final

from passes.tokens.front_door import decode_base64url
from passes.tokens.pass_code import CodeForm, url_start

#: First byte of the number; `dictionary` is none, as nothing of a list is known beforehand.
FRAME_FORM: Final = CodeForm(path="/L/", marker=3, dictionary=b"")
#: Bytes of the list in one code.
PART_BYTES: Final = 720
#: More codes than anybody would scan.
MOST_FRAMES: Final = 40
_NAME_BYTES: Final = 4


def list_frames(token: str, public_url: str) -> tuple[str, ...]:
    """Return the codes of a signed status list, in order; none where it is too long to be shown.

    Raises
    ------
    BadInputError
        `public-url-not-drawable`.
    """
    header, payload, signature = (decode_base64url(part) for part in token.split("."))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    data = packer.compress(header + payload) + packer.flush() + signature
    count = -(-len(data) // PART_BYTES)
    if count > MOST_FRAMES:
        return ()
    even = -(-len(data) // count)
    name = hashlib.sha256(data).digest()[:_NAME_BYTES]
    start = url_start(public_url, FRAME_FORM)
    parts = (data[place : place + even] for place in range(0, len(data), even))
    return tuple(
        start + str(int.from_bytes(bytes([FRAME_FORM.marker, count, number]) + name + part, "big"))
        for number, part in enumerate(parts)
    )
