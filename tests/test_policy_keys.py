"""Every key that a regime may set is read by some rule: a key without effect would be a promise that nobody keeps."""

from __future__ import annotations

import ast
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from geodata import policy
from geodata.message_settings import MessageSettings, Outlet

ROOT = Path(__file__).parents[1]
TABLES = (
    policy.Regime,
    policy.Authority,
    policy.ApprovalRule,
    policy.HardIsolation,
    policy.AreaKind,
    policy.PassPolicy,
    policy.Condition,
    policy.Reason,
    policy.VerdictTable,
    policy.TicketPolicy,
    policy.KeepingPolicy,
    policy.Policy,
    Outlet,
    MessageSettings,
)


@cache
def read_names() -> frozenset[str]:
    """Return every attribute that the product reads, in Python and in pages."""
    python = [path for floor in ("geodata", "routing", "passes", "web") for path in (ROOT / floor).rglob("*.py")]
    read = {
        node.attr
        for path in python
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    return frozenset(read)


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_regime_is_read_somewhere(table):
    assert {one.name for one in fields(table)} - read_names() == set()
