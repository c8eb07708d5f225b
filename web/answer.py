"""How a command answers: one JSON object or a text, an exit code, and errors with place and remedy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, NoReturn

import click

from geodata.errors import BadInputError, BaotongError, RowErrors, SurroundingsError
from geodata.findings import Finding
from web.messages import error_wording, finding_wording
from web.session import Session


class ExitCode(IntEnum):
    """Exit codes of the command line's contract."""

    DONE = 0
    RULE_SAYS_NO = 1
    USAGE = 2
    BAD_INPUT = 3
    NO_ROUTE = 4
    SURROUNDINGS = 5
    AMBER = 10
    RED = 20
    BUG = 70


def write_json(payload: Mapping[str, Any]) -> None:
    """Write exactly one JSON object to stdout."""
    click.echo(json.dumps(payload, ensure_ascii=False, allow_nan=False))


def answer(session: Session, payload: Mapping[str, Any], text: str, *, code: ExitCode = ExitCode.DONE) -> NoReturn:
    """Answer and end: the payload with --json, else the text."""
    if session.as_json:
        write_json(payload)
    else:
        click.echo(text)
    raise click.exceptions.Exit(code)


def finding_json(finding: Finding, session: Session, words: Mapping[str, str]) -> dict[str, Any]:
    """Return a finding with its sentence: code, clause, text, facts; the regime's words fill {test} and the like."""
    facts = {**words, **finding.facts}
    return {
        "code": finding.code,
        "clause": finding.clause,
        "text": finding_wording(finding.code).text(session.lang, facts),
        "facts": dict(finding.facts),
    }


def finding_lines(findings: Iterable[Finding], session: Session, words: Mapping[str, str]) -> str:
    """Return findings as text, a line each, with what cures them."""
    lines = []
    for finding in findings:
        facts = {**words, **finding.facts}
        wording = finding_wording(finding.code)
        remedy = wording.remedy(session.lang, facts)
        clause = f" [{finding.clause}]" if finding.clause else ""
        lines.append(f"- {wording.text(session.lang, facts)}{clause}" + (f" → {remedy}" if remedy else ""))
    return "\n".join(lines)


def exit_code_of(error: BaotongError) -> ExitCode:
    """Return the exit code of an error."""
    if isinstance(error, SurroundingsError):
        return ExitCode.SURROUNDINGS
    return ExitCode.BAD_INPUT if isinstance(error, BadInputError) else ExitCode.NO_ROUTE


def error_json(error: BaotongError, lang: str) -> dict[str, Any]:
    """Return an error as {"code", "where", "remedy", "text"}."""
    wording = error_wording(error.code)
    return {
        "code": error.code,
        "where": error.where,
        "remedy": wording.remedy(lang, error.facts),
        "text": wording.text(lang, error.facts),
    }


def row_json(error: BadInputError, lang: str) -> dict[str, Any]:
    """Return a fault of one row as {"row", "id", "code", "where", "remedy", "text"}."""
    return {"row": error.facts.get("row"), "id": error.facts.get("id"), **error_json(error, lang)}


def failure_json(error: BaotongError, lang: str) -> dict[str, Any]:
    """Return the whole answer of a failed command; a file's faults come row by row in "errors"."""
    payload: dict[str, Any] = {"ok": False, "error": error_json(error, lang)}
    if isinstance(error, RowErrors):
        payload["errors"] = [row_json(row, lang) for row in error.rows]
    return payload


def failure_text(error: BaotongError, lang: str) -> str:
    """Return an error as text: what, where, what to do; a file's faults row by row."""
    faults = [error, *(error.rows if isinstance(error, RowErrors) else ())]
    lines = []
    for fault in faults:
        said = error_json(fault, lang)
        where = f"{said['where']}: " if said["where"] else ""
        lines.append(f"{where}{said['text']}" + (f" → {said['remedy']}" if said["remedy"] else ""))
    return "\n".join(lines)
