"""Find the sentence of a code: every area's wording in one table, with the regime's own words filled in."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

import web.wording
from web.wording.wording import Wording


@cache
def _tables() -> tuple[Mapping[str, Wording], Mapping[str, Wording]]:
    """Collect ERRORS and FINDINGS of every file in `web.wording`."""
    errors: dict[str, Wording] = {}
    findings: dict[str, Wording] = {}
    for module_info in pkgutil.iter_modules(web.wording.__path__):
        module = import_module(f"web.wording.{module_info.name}")
        errors.update(getattr(module, "ERRORS", {}))
        findings.update(getattr(module, "FINDINGS", {}))
    return errors, findings


def error_wording(code: str) -> Wording:
    """Return the wording of an error code; an unknown one speaks for itself."""
    return _tables()[0].get(code, Wording(zh=code, en=code))


def finding_wording(code: str) -> Wording:
    """Return the wording of a finding or verdict code; an unknown one speaks for itself."""
    return _tables()[1].get(code, Wording(zh=code, en=code))


def known_codes() -> tuple[frozenset[str], frozenset[str]]:
    """Return every error code and every finding code that has a sentence."""
    errors, findings = _tables()
    return frozenset(errors), frozenset(findings)
