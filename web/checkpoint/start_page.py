"""The checkpoint's first page, to which a form of it that came back leads as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import render_template

from passes.checkpoint.refusal_reasons import refusal_reasons
from web.checkpoint.forms import OutcomeForm, QueueForm, TextForm
from web.site import site
from web.wording.refusals import reason_text

if TYPE_CHECKING:
    from geodata.places import Place
    from geodata.policy import Reason


def start_page(here: Place, form: TextForm | None = None, *, queue: QueueForm | None = None, **shown: Any) -> str:
    """Return the first page; it carries what the phone fills in when it judges by itself.

    Parameters
    ----------
    form, queue
        One that came back, with its errors.
    """
    policy = site().county.settings.policy
    issuer = policy.authorities.get(policy.passes.issuer)
    return render_template(
        "checkpoint/start.html",
        here=here,
        form=form or TextForm(),
        queue=queue or QueueForm(),
        at=site().now(),
        refusing=OutcomeForm(),
        reasons=offered(refusal_reasons(policy)),
        issuer=site().county.settings.name if issuer is None else issuer.name,
        desk_phone=desk_phone(),
        **{"part": "", "found": (), "expected": (), "coming": (), **shown},
    )


def desk_phone() -> str:
    """Return whom a guard calls before he lets a truck pass that his phone does not; "" where nobody is named."""
    policy = site().county.settings.policy
    issuer = policy.authorities.get(policy.passes.issuer)
    return "" if issuer is None else issuer.phone


def offered(reasons: Iterable[Reason]) -> list[Reason]:
    """Return the reasons as this request's language says them."""
    return [replace(one, text=reason_text(one, site().lang)) for one in reasons]
