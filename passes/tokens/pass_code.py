"""The code of a pass or an order: a short upper-case URL that ends in digits, from which the exact token is rebuilt.

The digits are one number: a marker byte (it keeps leading zeros and names the dictionary), header and payload deflated
together without any wrapper (RFC 1951) behind a dictionary of what every pass says, and the 64 raw bytes of the
signature. The dictionary saves some ninety bytes, which is thirty points of the corridor. An inflater that knows no
dictionaries is given the same bytes as a stored block in front (`stored_dictionary`).
In a QR the URL is alphanumeric and the digits numeric, which no other writing beats. A phone's own scanner opens the
URL; an offline page reads the digits behind `/V/` (an order's behind `/O/`, with its own marker: a code of one kind is
unreadable where the other is asked for). The code carries at most what a QR of version 15-M holds: a bigger
one cannot be read from a worn print.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.tokens.claims import PASS, PassClaims
from passes.tokens.front_door import ALGORITHM, LONGEST_TOKEN, SIGNATURE_BYTES, decode_base64url, encode_base64url
from passes.tokens.signing import write_json

#: Marker of codes that are deflated behind `DICTIONARY`; another dictionary will need another marker.
MARKER: Final = 1
DICTIONARY: Final = (
    b'"drl":true}{"alg":"ES256","kid":"","typ":"btp+jwt"}{"iss":"","jti":"","iat":1,"nbf":1,"exp":1,'
    b'"status":{"idx":,"uri":"/status/1"},"plt":"","crw":[["*","",1],["*","",1]],'
    b'"org":"","dst":"","cor":"","tol":,"trm":["round_trip","one_way"],"rul":""}'
)
PATH: Final = "/V/"
#: Bits that a QR of version 15 at error correction M holds (ISO/IEC 18004, table 7).
MOST_BITS: Final = 415 * 8
#: Window and memory of the deflater: 4 KB, a whole token. It finds the same as with the largest, whose tables take five
#: times as long to clear as a token to deflate.
_WINDOW, _MEMORY = -12, 6
_MOST_DIGITS: Final = 2_000
_DRAWABLE_URL: Final = re.compile(r"[0-9A-Z $%*+\-./:]+")
#: Mode and length fields of one alphanumeric and one numeric segment.
_SEGMENT_FIELDS: Final = 4 + 11 + 4 + 12


@dataclass(frozen=True, slots=True)
class CodeForm:
    """How one kind of token is written as a code.

    Attributes
    ----------
    path
        Of the URL, before the digits.
    marker
        First byte of the number.
    dictionary
        What header and payload are deflated behind.
    """

    path: str
    marker: int
    dictionary: bytes

    def digits_of(self, text: str) -> str | None:
        """Return the digits of a code: its URL at any address, or the digits alone; None where a text is none."""
        if len(text) > LONGEST_TOKEN:
            return None
        pattern = rf"(?:https?://[^\s?#]+{self.path})?([0-9]+)"
        found = re.fullmatch(pattern, text, re.IGNORECASE | re.ASCII)
        return None if found is None else found[1]


PASS_FORM: Final = CodeForm(PATH, MARKER, DICTIONARY)


def url_start(public_url: str, form: CodeForm = PASS_FORM) -> str:
    """Return the part of every code before its digits.

    Raises
    ------
    BadInputError
        `public-url-not-drawable`: it holds a character that QR's alphanumeric mode has not.
    """
    start = public_url.rstrip("/").upper() + form.path
    if not _DRAWABLE_URL.fullmatch(start):
        raise BadInputError("public-url-not-drawable", "public_url", value=public_url)
    return start


def to_code(token: str, public_url: str, form: CodeForm = PASS_FORM) -> str:
    """Turn a token into its code.

    Raises
    ------
    RefusedTokenError
        `token-unreadable`: not one of ours, as the code could not give it back byte for byte.
    BadInputError
        `public-url-not-drawable`.
    """
    parts = [decode_base64url(part) for part in token.split(".")]
    if len(parts) != 3 or not parts[0].endswith(b"}"):
        raise RefusedTokenError("token-unreadable", "token", fault="parts")
    data = bytes([form.marker]) + _deflate(parts[0] + parts[1], form) + parts[2]
    code = url_start(public_url, form) + str(int.from_bytes(data, "big"))
    if from_code(code, form) != token:
        raise RefusedTokenError("token-unreadable", "token", fault="parts")
    return code


def pack_code(header: bytes, payload: bytes, form: CodeForm = PASS_FORM) -> bytes:
    """Deflate header and payload as a code carries them, and see that they come back."""
    packed = deflate_code(header, payload, form)
    see_it_inflates(packed, header + payload, form)
    return packed


def deflate_code(header: bytes, payload: bytes, form: CodeForm = PASS_FORM) -> bytes:
    """Deflate header and payload as a code carries them, to learn how long it becomes."""
    return _deflate(header + payload, form)


def see_it_inflates(packed: bytes, data: bytes, form: CodeForm = PASS_FORM) -> None:
    """See that header and payload come back.

    Raises
    ------
    RefusedTokenError
        `token-unreadable`.
    """
    if _inflate(packed, form) != data:
        raise RefusedTokenError("token-unreadable", "code", fault="deflate")


def code_of(packed: bytes, signature: bytes, start: str, form: CodeForm = PASS_FORM) -> str | None:
    """Return the code of what `pack_code` has packed; None where it does not fit into version 15-M.

    Parameters
    ----------
    start
        As `url_start` gives it.
    """
    digits = str(int.from_bytes(bytes([form.marker]) + packed + signature, "big"))
    return start + digits if count_bits(start, len(digits)) <= MOST_BITS else None


def is_code(text: str, form: CodeForm = PASS_FORM) -> bool:
    """Tell whether a text is a code: its URL at any address, or the digits alone."""
    return form.digits_of(text) is not None


def from_code(text: str, form: CodeForm = PASS_FORM) -> str:
    """Rebuild the token of a code.

    Raises
    ------
    RefusedTokenError
        `token-unreadable`: leading zeros, another marker, damaged deflate; `token-too-long`: it inflates beyond 4 KB.
    """
    digits = form.digits_of(text)
    if digits is None or digits.startswith("0") or len(digits) > _MOST_DIGITS:
        raise RefusedTokenError("token-unreadable", "code", fault="digits")
    number = int(digits)
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if data[0] != form.marker or len(data) <= SIGNATURE_BYTES + 1:
        raise RefusedTokenError("token-unreadable", "code", fault="marker")
    written = _inflate(data[1:-SIGNATURE_BYTES], form)
    header, brace, payload = written.partition(b"}")
    return ".".join(encode_base64url(part) for part in (header + brace, payload, data[-SIGNATURE_BYTES:]))


def stored_dictionary() -> bytes:
    """Return the dictionary as a stored block (RFC 1951, 3.2.4), to be put in front of the deflated bytes.

    Any inflater reads them so; what it yields begins with the dictionary itself.
    """
    length = len(DICTIONARY)
    return b"\0" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + DICTIONARY


def _deflate(data: bytes, form: CodeForm) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, _WINDOW, _MEMORY, zdict=form.dictionary)
    return packer.compress(data) + packer.flush()


def _inflate(data: bytes, form: CodeForm) -> bytes:
    """Inflate, but never beyond what a token may be."""
    unpacker = zlib.decompressobj(-15, form.dictionary)
    try:
        plain = unpacker.decompress(data, LONGEST_TOKEN + 1)
    except zlib.error:
        raise RefusedTokenError("token-unreadable", "code", fault="deflate") from None
    if len(plain) > LONGEST_TOKEN:
        raise RefusedTokenError("token-too-long", "code", longest=LONGEST_TOKEN)
    if not unpacker.eof or unpacker.unused_data:
        raise RefusedTokenError("token-unreadable", "code", fault="deflate")
    return plain


def count_bits(url: str, digits: int) -> int:
    """Return the bits of a code in a QR of version 10 to 26: an alphanumeric and a numeric segment."""
    pairs, single = divmod(len(url), 2)
    threes, rest = divmod(digits, 3)
    return _SEGMENT_FIELDS + 11 * pairs + 6 * single + 10 * threes + (0, 4, 7)[rest]


def fits(claims: PassClaims, *, kid: str, public_url: str) -> bool:
    """Tell whether the code of these claims, signed by any key of that name, fits into version 15-M."""
    return fits_form(claims.to_claims(), PASS_FORM, typ=PASS.typ, kid=kid, public_url=public_url)


def fits_form(claims: Mapping[str, Any], form: CodeForm, *, typ: str, kid: str, public_url: str) -> bool:
    """Tell whether the code of any kind of claims fits into version 15-M."""
    return code_bits(claims, form, typ=typ, kid=kid, public_url=public_url) <= MOST_BITS


def code_bits(claims: Mapping[str, Any], form: CodeForm, *, typ: str, kid: str, public_url: str) -> int:
    """Return the bits of the code of any kind of claims, signed by any key of that name."""
    header = write_json({"alg": ALGORITHM, "kid": kid, "typ": typ})
    packed = _deflate(header + write_json(claims), form)
    return packed_bits(url_start(public_url, form), len(packed), form)


def packed_bits(start: str, length: int, form: CodeForm = PASS_FORM) -> int:
    """Return the most bits that the code of so many packed bytes takes, whatever its signature."""
    return count_bits(start, _most_digits(form.marker, length))


@lru_cache
def _most_digits(marker: int, length: int) -> int:
    return len(str((marker + 1) << 8 * (length + SIGNATURE_BYTES)))
