"""The code of an order fits into version 15-M, whatever was approved, and gives the exact token back."""

import random
from dataclasses import replace

import pytest

from geodata.closures.closure import Direction, RoadSpan
from geodata.errors import BadInputError
from passes.orders.claims import OrderApproval, OrderClaims, digest_of, short_number
from passes.orders.code import ORDER_FORM, fit_order, order_code
from passes.tokens.pass_code import from_code
from passes.tokens.qr_image import make_qr
from passes.tokens.signing import sign_token
from tests.closure_cases import NOON, hours, span
from tests.signed_passes import KEY

URL = "https://baotong.fangcheng.gov.example"
CLAIMS = OrderClaims(
    issuer="411322",
    closure_id="411322-20221125-001",
    version=2,
    edition=1,
    issued_at=NOON,
    not_before=NOON,
    expires_at=hours(48),
    ends_at=hours(48),
    roads=(span("w123456789012"),),
    road_count=1,
    length_m=2800,
    extent_digest=digest_of([span("w123456789012")]),
    barrier="movable",
    cause="epidemic",
    lets_holders_through=True,
    approvals=(
        OrderApproval("epidemic_hq", "方疫指〔2022〕12号", hours(-1)),
        OrderApproval("upper_hq", "宛疫指〔2022〕108号", hours(-2)),
    ),
    log_size=12345,
    log_root=bytes(range(32)),
)


def many(count):
    return tuple(RoadSpan(f"w{790_000_000 + 7_919 * n}", Direction.BOTH, 0.0, 1000.0 + n) for n in range(count))


@pytest.mark.parametrize("count", [1, 5, 40, 500])
def test_the_code_of_any_extent_fits_and_gives_the_token_back(count):
    extent = many(count)
    fitting = fit_order(replace(CLAIMS, road_count=count), extent, kid=KEY.kid, public_url=URL)
    token = sign_token(fitting.to_claims(), KEY, typ="bto+jwt")
    code = order_code(token, URL)
    assert from_code(code, ORDER_FORM) == token
    assert int(make_qr(code).version) <= 15
    assert 1 <= len(fitting.roads) <= count == fitting.road_count


def test_a_usual_order_names_all_its_roads():
    fitting = fit_order(replace(CLAIMS, road_count=4), many(4), kid=KEY.kid, public_url=URL)
    assert fitting.roads == many(4)


def test_what_cannot_fit_is_refused_by_name():
    chance = random.Random(7)
    numbers = ["".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(32)) for _ in range(8)]
    eight = tuple(OrderApproval(f"body{n}", number, hours(-n)) for n, number in enumerate(numbers))
    with pytest.raises(BadInputError) as fault:
        fit_order(replace(CLAIMS, closure_id="z1", approvals=eight), many(1), kid=KEY.kid, public_url=URL)
    assert fault.value.code == "order-code-too-long"


def test_the_digest_knows_every_metre_and_direction_but_no_order():
    one, two = span("a", 0, 100), span("b", 5, 50)
    assert digest_of([one, two]) == digest_of([two, one]) == digest_of([span("a", 0, 40), span("a", 40, 100), two])
    others = ([one], [one, span("b", 5, 51)], [one, span("b", 5, 50, Direction.FORWARD)], [one, span("c", 5, 50)])
    assert all(digest_of(other) != digest_of([one, two]) for other in others)


def test_a_long_document_number_is_cut_in_the_code():
    assert short_number(" 方疫指 〔2022〕12号 ") == "方疫指 〔2022〕12号"
    assert short_number("字" * 40) == "字" * 31 + "…"
