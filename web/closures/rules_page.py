"""The table of rules for people: what the checks find of which closure, made by the checks themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flask import render_template, request

from geodata.closures.closure import BARRIERS
from geodata.closures.truth_table import APPROVALS, SWITCHES, TruthBlock, condensed, truth_table
from geodata.policy import CAUSES, Policy
from web.closures.words import CAUSES as CAUSE_NAMES
from web.closures.words import check_name
from web.site import site
from web.wording import rules as words

#: The checks that the table is about.
CHECKS: Final = ("K1", "K2", "K3", "K4", "K5", "K6")


def rules_page() -> str:
    """Show the table for the cause that the address asks for, the county's own policy switch first."""
    settings = site().county.settings
    wanted = request.args.get("cause", "")
    cause = wanted if wanted in CAUSES else settings.policy.default_cause
    policy = settings.policy_for(cause)
    own = policy.hard_isolation.rule
    blocks = _blocks(policy.regime.id, cause, policy)
    order = sorted(SWITCHES, key=lambda switch: (switch != own, SWITCHES.index(switch)))
    return render_template(
        "closures/rules.html",
        tables=[(switch, [one for one in blocks if one.rule == switch]) for switch in order],
        own=own,
        cause=cause,
        causes={one: CAUSE_NAMES[one] for one in CAUSES},
        approvals=APPROVALS,
        barriers=BARRIERS,
        approval_name=lambda state: words.APPROVALS[state].text(site().lang, {}),
        switch_name=lambda switch: words.SWITCHES[switch].text(site().lang, {}),
        checks=[(one, check_name(one)) for one in CHECKS],
    )


class _Key:
    """Makes a policy the key of what was made of it: one that is the same object says the same."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.policy is self.policy

    def __hash__(self) -> int:
        return id(self.policy)


@lru_cache(maxsize=32)
def _made(_regime: str, cause: str, key: _Key) -> tuple[TruthBlock, ...]:
    return condensed(truth_table(key.policy, cause))


def _blocks(regime: str, cause: str, policy: Policy) -> tuple[TruthBlock, ...]:
    return _made(regime, cause, _Key(policy))
