"""The A4 page of a pass: plate, firm, crew, window, stops, the route drawn, and the code in a size that scans."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from geodata.areas import TOWNSHIP
from passes.editions.pass_register import PassRecord
from passes.tokens.qr_image import draw_qr
from web.road_picture import draw_route
from web.site import site


def state_word() -> str:
    """Return what the county's present state is called, "" where its regime gives it no name (P4)."""
    county, at = site().county, site().now()
    declared = any(one.kind != TOWNSHIP and one.in_force(at) for one in county.areas)
    return county.settings.policy.regime.state_word(in_force=declared)


def green_pass(record: PassRecord, *, back: str) -> str:
    """Return the page of a pass for print; `back` is where one came from."""
    policy = site().county.settings.policy
    issuer, lead = (policy.authorities.get(one) for one in (policy.passes.issuer, policy.passes.lead))
    return render_template(
        "transport/print.html",
        record=record,
        issuer=issuer.name if issuer else site().county.settings.name,
        lead=lead.name if lead else "",
        state=record.state_at(site().now()),
        code=Markup(draw_qr(record.url)),  # noqa: S704 - drawn by our own encoder
        picture=Markup(draw_route(site().county.network, record.route["geometry"])),  # noqa: S704 - drawn from numbers
        regime=state_word() or policy.regime.name,
        back=back,
    )
