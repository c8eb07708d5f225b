"""What forgers try: none of it may ever be green, and nothing may fail otherwise than by a verdict."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import example, given, settings
from hypothesis import strategies as st

from passes.tokens.pass_code import to_code
from passes.verifying.verify import verify_pass
from tests.signed_passes import (
    AT,
    CLAIMS,
    KEY,
    OTHER_KEY,
    as_bytes,
    b64,
    claims_with,
    forge,
    forge_hmac,
    header_of,
    key_list,
    trust,
)

TOKEN = forge()
CODE = to_code(TOKEN, "https://pass.example")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= "
PEM = KEY.public.point.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
DER = KEY.public.point.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
POINT = KEY.public.point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
JWK = json.dumps(KEY.public.to_jwk()).encode()


def judge(text):
    found = verify_pass(text, trust(), at=AT)
    return found.verdict, found.reasons[0].code


def test_the_token_itself_is_green():
    assert judge(TOKEN) == ("green", "pass-valid")


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
@pytest.mark.parametrize("signature", ["", TOKEN.split(".")[2]])
def test_no_algorithm_is_red(alg, signature):
    forged = f"{b64(as_bytes(header_of(alg=alg)))}.{b64(as_bytes(CLAIMS.to_claims()))}.{signature}"
    assert judge(forged) == ("red", "algorithm-not-allowed")


@pytest.mark.parametrize("secret", [PEM, DER, POINT, JWK, KEY.public.x, b""])
def test_hs256_under_the_public_key_is_red(secret):
    assert judge(forge_hmac(secret)) == ("red", "algorithm-not-allowed")


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256K", "ES384", "EdDSA"])
def test_our_key_s_name_with_another_algorithm_is_red(alg):
    assert judge(forge(header=header_of(alg=alg))) == ("red", "algorithm-not-allowed")


@pytest.mark.parametrize(
    "member",
    [
        {"jwk": OTHER_KEY.public.to_jwk()},
        {"jku": "https://forger.example/keys"},
        {"x5c": ["MII"]},
        {"x5u": "https://x"},
        {"crit": ["b64"]},
    ],
)
def test_a_header_that_brings_its_own_key_is_red(member):
    assert judge(forge(header=header_of(**member), key=OTHER_KEY)) == ("red", "header-not-ours")


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "statuslist+jwt", "bto+jwt", None])
def test_a_wrong_typ_is_red(typ):
    assert judge(forge(header=header_of(typ=typ)))[0] == "red"


def test_a_missing_typ_is_red():
    assert judge(forge(header={"alg": "ES256", "kid": KEY.kid})) == ("red", "header-not-ours")


def test_a_padded_token_is_red():
    assert judge(TOKEN + "==") == ("red", "token-unreadable")


def test_the_other_half_of_the_signature_is_red():
    assert judge(forge(high_s=True)) == ("red", "signature-not-canonical")


def test_a_claim_or_header_named_twice_is_red():
    claims, header = as_bytes(CLAIMS.to_claims()), as_bytes(header_of())
    assert judge(forge(claims[:-1] + b',"plt":"\xe8\xb1\xabR54321"}')) == ("red", "token-unreadable")
    assert judge(forge(header=b'{"alg":"none",' + header[1:])) == ("red", "token-unreadable")


@pytest.mark.parametrize("exp", ["9999999999", 1655899200.0, 1655899200.5, True, None, [], "1655899200"])
def test_an_end_that_is_no_whole_number_is_red(exp):
    assert judge(forge({**CLAIMS.to_claims(), "exp": exp}))[0] == "red"


def test_an_end_a_hundred_years_ahead_is_red():
    assert judge(forge(claims_with(exp=1655859600 + 100 * 31_557_600))) == ("red", "lifetime-too-long")


def test_a_byte_order_mark_is_red():
    assert judge(forge(b"\xef\xbb\xbf" + as_bytes(CLAIMS.to_claims()))) == ("red", "token-unreadable")
    assert judge("\ufeff" + TOKEN) == ("red", "token-unreadable")


def test_a_lone_surrogate_is_red():
    assert judge(forge(as_bytes(CLAIMS.to_claims()).replace(b"410100", b"\\ud800"))) == ("red", "token-unreadable")
    assert judge(TOKEN + "\ud800")[0] == "red"


def test_two_tokens_or_a_doubled_signature_are_red():
    assert judge(TOKEN + "." + TOKEN) == ("red", "token-unreadable")
    assert judge(TOKEN + TOKEN.split(".")[2])[0] == "red"


def is_not_ours(text):
    """Red; or it now names an issuer that nobody knows, whose paper decides, and nothing of it is shown."""
    found = verify_pass(text, trust(), at=AT)
    unknown = [one.code for one in found.reasons] == ["issuer-unknown"]
    return found.claims is None and (found.verdict == "red" or unknown)


def test_every_single_letter_of_the_token_matters():
    for place in range(len(TOKEN)):
        other = "A" if TOKEN[place] != "A" else "B"
        assert is_not_ours(TOKEN[:place] + other + TOKEN[place + 1 :]), place


def test_every_single_digit_of_the_code_matters():
    start = CODE.rindex("/") + 1
    for place in range(start, len(CODE)):
        other = str((int(CODE[place]) + 1) % 10)
        assert judge(CODE[:place] + other + CODE[place + 1 :])[0] == "red", place


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(TOKEN)), st.integers(0, 3), st.text(LETTERS, max_size=3))
@example(0, 0, " ")
@example(78, 3, "000")
def test_no_cut_or_insertion_is_green_but_white_space_around(place, cut, inserted):
    changed = TOKEN[:place] + inserted + TOKEN[place + cut :]
    if changed.strip(" ") != TOKEN:
        assert is_not_ours(changed)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**24), st.integers(1, 255))
def test_no_changed_byte_of_the_decoded_token_is_green(place, change):
    import base64

    parts = [bytearray(base64.urlsafe_b64decode(part + "==")) for part in TOKEN.split(".")]
    part = parts[place % 3]
    part[place // 3 % len(part)] ^= change
    assert is_not_ours(".".join(b64(bytes(one)) for one in parts))


@settings(max_examples=200, deadline=None)
@given(
    st.text()
    | st.binary().map(lambda data: data.decode("latin-1"))
    | st.from_regex(r"\A[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{86}\Z")
)
def test_any_text_gets_a_verdict(text):
    assert judge(text)[0] == "red"


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(list(CLAIMS.to_claims())),
        st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.integers(), max_size=3),
    )
)
def test_claims_of_any_kind_get_a_verdict_even_when_signed(changes):
    assert judge(forge({**CLAIMS.to_claims(), **changes}))[0] in {"green", "amber", "red"}


def test_a_key_list_of_another_s_keys_is_never_green():
    found = verify_pass(TOKEN, trust(keys=key_list(OTHER_KEY)), at=AT)
    assert (found.verdict, found.claims) == ("red", None)
