"""Make the link that a driver is sent: shown once, to those who issue passes and to the firm that asked for it."""

from __future__ import annotations

from flask import abort, render_template, request, url_for

from passes.editions.pass_register import PassRecord, find_pass
from passes.messages.link_register import has_link, make_link
from web.driver.blueprint import pages
from web.shell.access import allow, who
from web.site import reading, site, writing


def link_of(secret: str) -> str:
    """Return the whole address of a link, at the county's public address where it has one."""
    path = url_for("driver.show_pass", secret=secret)
    own = request.host_url.rstrip("/")
    public = site().county.settings.public_url.rstrip("/")
    return (own if site().county.settings.schematic or not public else public) + path


def _own(record: PassRecord) -> PassRecord:
    """Let a firm reach its own passes only."""
    person = who()
    if person.role == "E" and person.unit not in {record.firm, record.enterprise}:
        abort(404)
    return record


@pages.get("/links/<number>")
@allow("T", "E")
def link_page(number: str) -> str:
    """Offer to make the link of a pass."""
    with reading() as connection:
        record = _own(find_pass(connection, number))
        is_made = has_link(connection, record.number)
    return render_template("driver/link.html", record=record, is_made=is_made, address="")


@pages.post("/links/<number>")
@allow("T", "E")
def new_link(number: str) -> str:
    """Make the link and show it; the one before ends."""
    with writing() as connection:
        record = _own(find_pass(connection, number))
        secret = make_link(connection, record.number, by=who().name, at=site().now())
    return render_template("driver/link.html", record=record, is_made=True, address=link_of(secret))
