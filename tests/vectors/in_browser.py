"""Judge cases in a browser: with the verifier that was built for the pages, on a page where WebCrypto is allowed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from web.static_files import BUILT, built_names

#: Browsers trust this name as they do HTTPS; what is asked for here is answered by `_give`, and nobody listens.
HOME = "http://localhost/"
FOLDER = Path(__file__).parent
#: So many go to the page at once: it keeps answering within any patience.
CHUNK = 500
_TYPES = {".html": "text/html", ".mjs": "text/javascript", ".js": "text/javascript", ".json": "application/json"}
_READY = """async ([verifier, trust]) => {
  const { Judging } = await import("/judging.mjs");
  const judging = new Judging(await import(`/built/${verifier}`), trust);
  await judging.useJose(await import("/jose/index.js"));
  window.judging = judging;
  return [isSecureContext, typeof crypto.subtle];
}"""
_JUDGE = """async (cases) => {
  const answers = [];
  for (const one of JSON.parse(cases)) answers.push(await judging.answer(one));
  return JSON.stringify(answers);
}"""


def open_verifier(page: Page, jose: Path) -> None:
    """Make a page judge: with the built verifier, and with the unpacked package `jose`."""
    folders = {"built": BUILT, "jose": jose / "dist" / "webapi"}

    def give(route: Route) -> None:
        path = route.request.url.removeprefix(HOME)
        first, _slash, rest = path.partition("/")
        file = folders[first] / rest if first in folders else FOLDER / "judging.mjs"
        body = file.read_bytes() if path else b"<!doctype html><title>Verifier</title>"
        route.fulfill(body=body, content_type=_TYPES[file.suffix if path else ".html"])

    page.route(f"{HOME}**", give)
    page.goto(HOME)
    trust = json.loads((FOLDER / "trust.json").read_text(encoding="utf-8"))
    said = page.evaluate(_READY, [built_names()["verifier.js"], trust])
    if said != [True, "object"]:
        raise RuntimeError(f"this browser has no WebCrypto here: {said}")


def judge_in(page: Page, cases: list[Any]) -> Iterable[Any]:
    """Return what the page says of each case."""
    for start in range(0, len(cases), CHUNK):
        yield from json.loads(page.evaluate(_JUDGE, json.dumps(cases[start : start + CHUNK])))
