"""Short ways to work at the desks of closures in tests of pages: times from now, a request sent, a form's hidden values."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient

ZONE = ZoneInfo("Asia/Shanghai")


def local(hours: float) -> str:
    """The time so many hours from now, as a form's field has it."""
    return (datetime.now(UTC) + timedelta(hours=hours)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def hidden(page: bytes, name: str) -> str:
    """The value of a form's hidden field."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.decode())
    assert found is not None, f"no field {name}"
    return found[1]


def ask(**changes: object) -> dict[str, object]:
    """What a township fills in: the village road, from five hours on for two days."""
    known = {
        "roads": "v1",
        "direction": "both",
        "barrier": "movable",
        "cause": "epidemic",
        "start": local(5),
        "end": local(53),
        "pass_holders": "stopped",
        "reason": "村口管控",
    }
    return {**known, **changes}


def send_request(township: FlaskClient, **changes: object) -> str:
    """Look at the consequence and send; the number of the request."""
    filled = ask(**changes)
    looked = township.post("/township/request", data={**filled, "action": "look"})
    assert looked.status_code == 200, looked.text
    sent = township.post(
        "/township/request", data={**filled, "action": "send", "looked": hidden(looked.data, "looked")}
    )
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"].rpartition("/")[2]


def decide(headquarters: FlaskClient, number: str, **filled: object):
    """Open a request and decide on what is shown."""
    address = f"/headquarters/closures/{number}"
    position = filled.pop("position", None) or hidden(headquarters.get(address).data, "position")
    known = {"decision": "approve", "document_no": "方疫指〔2022〕12号", "position": position, "action": "decide"}
    return headquarters.post(address, data={**known, **filled})
