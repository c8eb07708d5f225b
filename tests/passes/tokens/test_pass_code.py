import hashlib
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.tokens.claims import PASS, CrewEntry, StatusSlot
from passes.tokens.code_fitting import MOST_POINTS, code_desk, fit_payload, sign_fitted
from passes.tokens.drawn_line import DrawnLine
from passes.tokens.front_door import decode_base64url, parse_token
from passes.tokens.pass_code import (
    DICTIONARY,
    MARKER,
    fits,
    from_code,
    is_code,
    stored_dictionary,
    to_code,
)
from tests.signed_passes import CLAIMS, KEY, DrawnBy, b64, fitting_claims, forge, header_of, winding_route

URL = "https://pass.fangcheng.example"
TOKEN = forge()
CODE = to_code(TOKEN, URL)
DIGITS = CODE.rpartition("/")[2]
LONG_ROUTE = winding_route(MOST_POINTS)


def code_of(packed, signature=bytes(63) + b"\1", marker=MARKER):
    return str(int.from_bytes(bytes([marker]) + packed + signature, "big"))


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=DICTIONARY)
    return packer.compress(data) + packer.flush()


def refusal(text):
    with pytest.raises(RefusedTokenError) as error:
        from_code(text)
    return error.value.code


def test_the_token_is_rebuilt_byte_for_byte():
    assert from_code(CODE) == TOKEN


def test_a_code_is_an_upper_case_url_and_digits():
    assert f"HTTPS://PASS.FANGCHENG.EXAMPLE/V/{DIGITS}" == CODE
    assert DIGITS.isdecimal()


@pytest.mark.parametrize(
    "text", [CODE.lower(), DIGITS, f"http://127.0.0.1:8000/v/{DIGITS}", f"https://x/baotong/V/{DIGITS}"]
)
def test_a_code_is_read_at_any_address_and_without(text):
    assert is_code(text)
    assert from_code(text) == TOKEN


def test_a_token_is_no_code():
    assert not is_code(TOKEN)


def test_digits_with_leading_zeros_are_refused():
    assert refusal("0" + DIGITS) == "token-unreadable"


@pytest.mark.parametrize(
    "text", ["", "1", "256", "9" * 100, "x", f"{CODE}?x", f"{CODE} ", "１２３", "-1", "9" * 2001, "9" * 5000]
)
def test_what_is_no_code_is_refused(text):
    assert refusal(text) == "token-unreadable"


def test_another_marker_is_refused():
    assert refusal(code_of(deflate(b"{}{}"), marker=2)) == "token-unreadable"


def test_a_zip_bomb_is_refused_before_it_bursts():
    assert refusal(code_of(deflate(b"{" + b" " * 10_000_000)[:700])) == "token-too-long"
    assert refusal(code_of(deflate(b"{" + b" " * 100_000))) == "token-too-long"


def test_what_follows_the_deflated_bytes_is_refused():
    assert refusal(code_of(deflate(b"{}{}") + b"more")) == "token-unreadable"


def test_deflate_that_does_not_end_is_refused():
    assert refusal(code_of(deflate(b"{}" * 50)[:-2])) == "token-unreadable"


@pytest.mark.parametrize("token", ["", "a.b.c", "a.b", TOKEN + ".x", forge(header=b"[1]")])
def test_only_what_can_be_rebuilt_becomes_a_code(token):
    with pytest.raises(RefusedTokenError):
        to_code(token, URL)


def test_a_header_that_ends_twice_cannot_be_rebuilt_and_is_refused():
    with pytest.raises(RefusedTokenError):
        to_code(forge(header=header_of(jwk={"a": {}})), URL)


@pytest.mark.parametrize(
    "url", ["https://[::1]:8000", "https://x/~user", "https://通行.cn", "https://x/a_b", "https://x/?a=1"]
)
def test_an_address_that_no_qr_writes_short_is_refused(url):
    with pytest.raises(BadInputError, match="public-url-not-drawable"):
        to_code(TOKEN, url)


def test_an_inflater_without_dictionaries_reads_the_same():
    number = int(DIGITS)
    packed = number.to_bytes((number.bit_length() + 7) // 8, "big")[1:-64]
    plain = zlib.decompressobj(-15).decompress(stored_dictionary() + packed)[len(DICTIONARY) :]
    assert plain == b"".join(decode_base64url(part) for part in TOKEN.split(".")[:2])


@settings(max_examples=50)
@given(st.integers(0, 10**7), st.integers(1, 8), st.text("ab1-", min_size=1, max_size=20))
def test_every_pass_comes_back_from_its_code(index, people, origin):
    crew = tuple(CrewEntry("王*明", f"{n:04}") for n in range(people))
    token = forge(replace(CLAIMS, status=StatusSlot(index, "/status/1"), crew=crew, origin=origin).to_claims())
    assert from_code(to_code(token, URL)) == token


def make(points):
    return replace(CLAIMS, corridor=LONG_ROUTE[: points - 1] + LONG_ROUTE[-1:])


def test_the_corridor_is_as_fine_as_the_code_allows():
    claims = fitting_claims(CLAIMS, make, URL)
    points = len(claims.corridor)
    assert fits(claims, kid=KEY.kid, public_url=URL)
    assert not fits(make(points + 1), kid=KEY.kid, public_url=URL)


def test_a_realistic_pass_keeps_25_points_and_more():
    assert len(fitting_claims(CLAIMS, make, URL).corridor) >= 25


def test_a_short_route_keeps_every_point():
    short = LONG_ROUTE[:12]
    claims = fitting_claims(CLAIMS, lambda most: replace(CLAIMS, corridor=short[:most]), URL)
    assert claims.corridor == short


def test_a_pass_that_fits_in_no_way_is_refused():
    noise = hashlib.sha512(b"noise").hexdigest()
    crew = tuple(
        CrewEntry(f"{name}*{noise[place]}", f"{noise[place : place + 4].upper()}")
        for place, name in enumerate("赵钱孙李周吴郑王")
    )
    crowded = replace(CLAIMS, crew=crew, origin=noise[:64], destination=noise[64:], rules=noise[32:96])
    with pytest.raises(BadInputError, match="pass-code-too-long"):
        fitting_claims(crowded, make, f"{URL}/{noise}")


def test_no_full_name_id_or_phone_is_in_token_or_code():
    from passes.tokens.masking import last_four, mask_name

    entry = CrewEntry(mask_name("王小明"), last_four("41132219800101001X"))
    token = forge(replace(CLAIMS, crew=(entry,)).to_claims())
    readable = b"".join(decode_base64url(part) for part in token.split(".")).decode(errors="replace")
    for secret in ("王小明", "小明", "41132219800101001X", "19800101", b64("王小明".encode())):
        assert secret not in readable
        assert secret not in token
        assert secret not in to_code(token, URL)


@pytest.mark.parametrize("guess", [2, 20, 27, 28, 29, 36, 60, 99])
def test_wherever_the_search_begins_it_ends_at_the_same_corridor(guess):
    desk = code_desk(KEY.kid, URL)
    fitted = fit_payload(CLAIMS.to_claims(), DrawnLine(DrawnBy(make), fitted=guess), desk)
    assert fitted == fit_payload(CLAIMS.to_claims(), DrawnBy(make), desk)
    token, code = sign_fitted(fitted, desk, key=KEY)
    assert from_code(code) == token
    assert parse_token(token, PASS).claims == fitting_claims(CLAIMS, make, URL).to_claims()
