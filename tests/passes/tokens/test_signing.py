from contextlib import suppress

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from passes.errors import RefusedTokenError
from passes.tokens.claims import PASS
from passes.tokens.front_door import ORDER, parse_token
from passes.tokens.keys import new_signing_key
from passes.tokens.signing import is_signed_by, sign_token, write_json
from tests.signed_passes import AT, CLAIMS, KEY, OTHER_KEY, forge

JOSE_KEY = ECKey.import_key(KEY.public.to_jwk())


def signed(key=KEY):
    return sign_token(CLAIMS.to_claims(), key, typ=PASS.typ)


def test_our_own_signature_is_right():
    assert is_signed_by(parse_token(signed(), PASS), KEY.public)


def test_another_key_did_not_sign_it():
    assert not is_signed_by(parse_token(signed(), PASS), OTHER_KEY.public)


def test_the_header_has_exactly_our_three_members():
    assert jwt.get_unverified_header(signed()) == {"alg": "ES256", "kid": KEY.kid, "typ": "btp+jwt"}


def test_chinese_is_signed_as_itself():
    assert "豫R12345".encode() in write_json(CLAIMS.to_claims())


def test_every_signature_is_the_lower_of_the_two():
    for _ in range(40):
        token = parse_token(signed(), PASS)
        assert int.from_bytes(token.signature[32:], "big") <= ORDER // 2


def test_an_independent_library_agrees_with_our_signatures():
    for _ in range(20):
        found = jws.deserialize_compact(signed().encode(), JOSE_KEY, algorithms=["ES256"])
        assert found.payload == write_json(CLAIMS.to_claims())


def test_we_agree_with_an_independent_library_s_signatures():
    private = ECKey.import_key({**KEY.public.to_jwk(), "d": _secret()})
    for _ in range(20):
        header = {"alg": "ES256", "kid": KEY.kid, "typ": "btp+jwt"}
        token = jws.serialize_compact(header, write_json(CLAIMS.to_claims()), private, algorithms=["ES256"])
        with suppress(RefusedTokenError):  # the other library signs with the high s half the time
            assert is_signed_by(parse_token(token, PASS), KEY.public)


def _secret():
    from tests.signed_passes import b64

    return b64(KEY.to_bytes())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 63), st.integers(1, 255))
def test_no_changed_byte_of_a_signature_is_taken(place, change):
    from joserfc.errors import BadSignatureError

    token = forge()
    parsed = parse_token(token, PASS)
    changed = bytearray(parsed.signature)
    changed[place] ^= change
    other = forge(signature=bytes(changed))
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(other.encode(), JOSE_KEY, algorithms=["ES256"])
    with suppress(RefusedTokenError):
        assert not is_signed_by(parse_token(other, PASS), KEY.public)


def test_a_new_key_signs_what_it_verifies():
    key = new_signing_key(usable_from=AT)
    assert is_signed_by(parse_token(signed(key), PASS), key.public)
