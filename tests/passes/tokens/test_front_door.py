import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from passes.errors import RefusedTokenError
from passes.tokens.claims import PASS
from passes.tokens.front_door import ORDER, decode_base64url, encode_base64url, parse_token, read_object
from tests.signed_passes import CLAIMS, KEY, as_bytes, b64, forge, header_of

TOKEN = forge()
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")


def refusal(text, kind=PASS):
    with pytest.raises(RefusedTokenError) as refused:
        parse_token(text, kind)
    return refused.value.code


def number(value):
    return value.to_bytes(32, "big")


def test_our_token_comes_in():
    token = parse_token(TOKEN, PASS)
    assert token.kid == KEY.kid
    assert token.claims == CLAIMS.to_claims()
    assert len(token.signature) == 64


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c.d", "abc", f"{HEADER}.{PAYLOAD}"])
def test_what_has_not_three_parts_is_unreadable(text):
    assert refusal(text) == "token-unreadable"


def test_a_token_over_4_kb_is_refused_by_its_length_alone():
    assert refusal("A" * 2_000_000) == "token-too-long"
    assert refusal(TOKEN + "A" * 4096) == "token-too-long"


@pytest.mark.parametrize("position", [0, 1, 2])
def test_padding_is_refused_in_every_part(position):
    parts = TOKEN.split(".")
    parts[position] += "=" * (-len(parts[position]) % 4) or "===="
    assert refusal(".".join(parts)) == "token-unreadable"


@pytest.mark.parametrize("letter", [" ", "\n", "+", "/", "é", "ａ", "\0", "\ud800"])
def test_a_foreign_letter_is_refused(letter):
    assert refusal(f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-1]}{letter}") == "token-unreadable"


def test_left_over_bits_are_refused():
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = last[last.index(SIGNATURE[-1]) ^ 1]
    assert refusal(f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-1]}{changed}") == "token-unreadable"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xef\xbb\xbf{}",
        b"[]",
        b"1",
        b'"x"',
        b"null",
        b"{",
        b"{}{}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":99999999999999999}',
        b'{"a":"\xff"}',
        b"{'a':1}",
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b"[" * 2000,
        b'{"a":' * 400,
    ],
)
def test_json_is_read_strictly(payload):
    with pytest.raises(RefusedTokenError, match="token-unreadable"):
        read_object(payload)


def test_a_claim_named_twice_is_unreadable():
    twice = as_bytes(CLAIMS.to_claims())[:-1] + b',"exp":1655900000}'
    assert json.loads(twice)["exp"] == 1655900000
    assert refusal(forge(twice)) == "token-unreadable"


def test_a_header_member_named_twice_is_unreadable():
    twice = as_bytes(header_of())[:-1] + b',"alg":"ES256"}'
    assert refusal(forge(header=twice)) == "token-unreadable"


@pytest.mark.parametrize(
    "changes",
    [
        {"jku": "https://x"},
        {"jwk": KEY.public.to_jwk()},
        {"x5c": ["MII"]},
        {"crit": ["exp"]},
        {"cty": "JWT"},
        {"b64": False},
    ],
)
def test_a_further_header_member_is_refused(changes):
    assert refusal(forge(header=header_of(**changes))) == "header-not-ours"


@pytest.mark.parametrize("kid", ["", "a b", "../x", 1, None, ["a"], "k" * 65])
def test_a_strange_kid_is_refused(kid):
    assert refusal(forge(header=header_of(kid=kid))) == "header-not-ours"


@pytest.mark.parametrize("missing", ["kid", "typ"])
def test_a_missing_header_member_is_refused(missing):
    header = header_of()
    del header[missing]
    assert refusal(forge(header=header)) == "header-not-ours"


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "RS256", "ES384", "es256", "", None, ["ES256"]])
def test_another_algorithm_is_refused(alg):
    assert refusal(forge(header=header_of(alg=alg))) == "algorithm-not-allowed"


def test_alg_none_without_a_signature_is_refused():
    assert refusal(f"{b64(as_bytes(header_of(alg='none')))}.{PAYLOAD}.") == "algorithm-not-allowed"


@pytest.mark.parametrize("typ", ["JWT", "bto+jwt", "btc+jwt", "statuslist+jwt", "BTP+JWT", "", 1])
def test_another_typ_is_refused(typ):
    assert refusal(forge(header=header_of(typ=typ))) == "type-not-ours"


def test_the_high_s_is_refused():
    assert refusal(forge(high_s=True)) == "signature-not-canonical"


@pytest.mark.parametrize(
    "signature",
    [
        bytes(64),
        number(1) + number(0),
        number(0) + number(1),
        number(ORDER) + number(1),
        number(1) + number(ORDER // 2 + 1),
        number(1) + number(ORDER),
        number(1) * 3,
        number(1),
    ],
)
def test_numbers_outside_the_order_and_other_lengths_are_refused(signature):
    assert refusal(forge(signature=signature)) == "signature-not-canonical"


def test_an_empty_signature_is_unreadable():
    assert refusal(f"{HEADER}.{PAYLOAD}.") == "token-unreadable"


@given(st.binary(max_size=60))
def test_base64url_has_one_form_and_comes_back(data):
    text = encode_base64url(data)
    if data:
        assert decode_base64url(text) == data


@given(st.text(max_size=200))
@example("{}.{}.{}")
def test_any_text_is_refused_in_an_orderly_way(text):
    assert refusal(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_json_as_claims_is_refused_in_an_orderly_way(document):
    assert refusal(forge(as_bytes_of(document))) in {"token-unreadable", "claims-not-ours"}


def as_bytes_of(document):
    return json.dumps(document).encode()
