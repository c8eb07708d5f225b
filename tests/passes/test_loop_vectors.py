"""Every certificate of the vectors gets the verdict written beside it; the phone's verifier is bound to the same file."""

import json

import pytest

from geodata.windows import parse_instant
from passes.loop.verify import verify_loop
from passes.verifying.key_list import read_key_list
from tests.vectors.situations import FOLDER, TRUST

VECTORS = json.loads((FOLDER / "12-certificates.json").read_text(encoding="ascii"))


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: f"{one['number']}-{one['says'].replace(' ', '-')}")
def test_a_certificate_gets_its_verdict(one):
    keys = read_key_list(TRUST["key_lists"][one["keys"]], where="trust.json")
    found = verify_loop(one["text"], keys, at=parse_instant(one["at"], where="at"))
    shown = found.claims and {"number": found.claims.number, "plate": found.claims.plate}
    told = (found.verdict, [reason.code for reason in found.reasons], shown)
    assert told == (one["verdict"], one["reasons"], one["shows"])
