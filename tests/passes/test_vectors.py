"""Every vector gets the verdict written beside it; the phone's verifier is bound to the same files."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from geodata.errors import BadInputError
from geodata.windows import parse_instant
from passes.verifying.bundle import accept_newer_bundle, read_bundle, refuse_older_list, seen_of
from passes.verifying.key_list import read_key_list
from passes.verifying.status_list import read_status_list
from passes.verifying.verdicts import GROUNDS
from passes.verifying.verify import verify_pass
from tests.signed_passes import ROOT
from tests.vectors import make_vectors
from tests.vectors.situations import TRUST, trust_of

FOLDER = Path(make_vectors.__file__).parent
VECTORS = [
    one for layer in make_vectors.LAYERS for one in json.loads((FOLDER / f"{layer}.json").read_text(encoding="ascii"))
]

KEY_LISTS = json.loads((FOLDER / "08-key-lists.json").read_text(encoding="ascii"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: f"{one['number']}-{one['says'].replace(' ', '-')}")
def test_a_vector_gets_its_verdict(vector):
    found = verify_pass(
        vector["text"] * vector.get("text_repeat", 1),
        trust_of(vector),
        at=parse_instant(vector["at"], where="at"),
        plate=vector["plate"],
        position=vector["position"] and tuple(vector["position"]),
        way=vector["way"],
    )
    shown = found.claims and {"number": found.claims.number, "plate": found.claims.plate}
    told = (found.verdict, [one.code for one in found.reasons], shown)
    assert told == (vector["verdict"], vector["reasons"], vector["shows"])
    assert facts_of(found, vector.get("told", {})) == vector.get("told", {})


def facts_of(found, codes):
    """Return what some reasons say, instants in seconds."""
    facts = {one.code: one.facts for one in found.reasons if one.code in codes}
    return {
        code: {name: int(one.timestamp()) if isinstance(one, datetime) else one for name, one in said.items()}
        for code, said in facts.items()
    }


@pytest.mark.parametrize("one", KEY_LISTS, ids=lambda one: f"{one['number']}-{one['says'].replace(' ', '-')}")
def test_a_key_list_is_read_or_refused_for_its_reason(one):
    if not one["refused"]:
        assert read_key_list(one["document"], where="keys").keys
        return
    with pytest.raises(BadInputError) as refused:
        read_key_list(one["document"], where="keys")
    assert refused.value.code == one["refused"]


ROOT_LISTS = json.loads((FOLDER / "10-root-lists.json").read_text(encoding="ascii"))
STATUS_LISTS = json.loads((FOLDER / "13-status-lists.json").read_text(encoding="ascii"))
BUNDLES = json.loads((FOLDER / "11-bundles.json").read_text(encoding="ascii"))


def refusal_of(read):
    try:
        read()
    except BadInputError as error:
        return error.code
    return ""


@pytest.mark.parametrize("one", ROOT_LISTS, ids=lambda one: f"{one['number']}-{one['says'].replace(' ', '-')}")
def test_a_list_of_the_roots_is_read_or_refused_for_its_reason(one):
    def read():
        refuse_older_list(read_key_list(one["document"], where="f", root=ROOT.public), seen=one["seen"], where="f")

    assert refusal_of(read) == one["refused"]


@pytest.mark.parametrize("one", STATUS_LISTS, ids=lambda one: f"{one['number']}-{one['says'].replace(' ', '-')}")
def test_a_status_list_is_read_or_refused_for_its_reason(one):
    keys = read_key_list(TRUST["key_lists"][one["keys"]], where="keys")
    assert refusal_of(lambda: read_status_list(one["text"], keys, where="f")) == one["refused"]


@pytest.mark.parametrize("one", BUNDLES, ids=lambda one: f"{one['number']}-{one['says'].replace(' ', '-')}")
def test_a_bundle_is_taken_or_refused_for_its_reason(one):
    held = None if one["held"] is None else read_bundle(one["held"], None, where="held")

    def read():
        root = ROOT.public if one["root"] else None
        found = read_bundle(one["text"], held and held.keys, where="found", root=root)
        taken = accept_newer_bundle(held and seen_of(held), found, where="found")
        assert sorted(taken.foreign) == one.get("foreign", [])

    assert refusal_of(read) == one["refused"]


def without_deflate(name, document):
    """Return what does not depend on which deflate this Python was built with."""
    if name == "trust":
        names = ("status_lists", "foreign_lists")
        return {**document, **{name: sorted(document[name]) for name in names}}
    return [{**one, "text": ""} for one in document] if name in {"07-code", "13-status-lists"} else document


@pytest.mark.parametrize(
    "name", ["trust", *make_vectors.LAYERS, "08-key-lists", "10-root-lists", "11-bundles", "13-status-lists"]
)
def test_the_files_are_what_the_script_writes(name):
    stored = json.loads((FOLDER / f"{name}.json").read_text(encoding="ascii"))
    made = json.loads(make_vectors.written(make_vectors.documents()[name]))
    assert without_deflate(name, stored) == without_deflate(name, made)


def test_numbers_are_unique_and_there_are_enough():
    numbers = [one["number"] for one in VECTORS]
    assert len(set(numbers)) == len(numbers) >= 100


def test_every_reason_has_a_vector():
    assert set(GROUNDS) - {code for one in VECTORS for code in one["reasons"]} == set()
