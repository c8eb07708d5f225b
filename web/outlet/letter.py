"""Write a message as its driver reads it, and the request that carries it to an outlet, signed.

The request is made as Standard Webhooks asks: `webhook-id` is what the message is known by, the same at every attempt,
and `webhook-signature` is HMAC-SHA256 over id, time and body. `Idempotency-Key` says the same id to gateways that know
that header. Nothing of a person is in it but the telephone number.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from geodata.county_settings import CountySettings
from geodata.message_settings import SECRET, Outlet
from geodata.windows import format_instant
from passes.messages.message_register import Contact, Message
from web.wording.driver_messages import TEXTS

_SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how such secrets are marked


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says; its members are what a template may name."""

    key: str
    occasion: str
    phone: str
    plate: str
    number: str
    link: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """A POST that is ready to be sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def text_of(message: Message, link: str, settings: CountySettings) -> str:
    """Return what the driver reads, in the county's language."""
    issuer = settings.policy.authority(settings.policy.passes.issuer)
    facts = {
        "issuer": issuer.name if issuer else settings.name,
        "plate": message.plate,
        "number": message.number,
        "link": link,
    }
    return TEXTS[message.occasion].text(settings.lang, facts)


def letter_of(message: Message, contact: Contact, settings: CountySettings) -> Letter:
    """Return what a message says, with the link at the county's public address."""
    link = f"{settings.public_url}/d/{contact.link}"
    text = text_of(message, link, settings)
    return Letter(message.key, message.occasion, contact.phone, message.plate, message.number, link, text)


def request_of(letter: Letter, outlet: Outlet, secret: str, *, at: datetime) -> Request:
    """Return the request that carries a letter to an outlet.

    Parameters
    ----------
    secret
        What the outlet's secret file holds.
    """
    values = asdict(letter)
    if outlet.kind == "sms":
        document = _filled(outlet.body, values)
    else:
        data = {name: value for name, value in values.items() if name not in {"key", "occasion"}}
        document = {"type": f"pass.{letter.occasion}", "timestamp": format_instant(at), "data": data}
    is_form = outlet.content == "form"
    body = urlencode(document).encode() if is_form else json.dumps(document, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded" if is_form else "application/json; charset=utf-8",
        "User-Agent": "Baotong",
        "Idempotency-Key": letter.key,
        "webhook-id": letter.key,
        "webhook-timestamp": stamp,
        "webhook-signature": sign_body(body, secret, message_id=letter.key, stamp=stamp),
        **_filled(outlet.headers, {SECRET: secret}),
    }
    return Request(outlet.url, headers, body)


def sign_body(body: bytes, secret: str, *, message_id: str, stamp: str) -> str:
    """Return the signature of a body as Standard Webhooks writes it."""
    is_marked = secret.startswith(_SECRET_PREFIX)
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX)) if is_marked else secret.encode()
    signed = hmac.digest(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """Return a template with every placeholder filled; what is filled in never becomes part of the form."""
    if isinstance(template, str):
        return template.format_map(values)
    if isinstance(template, Mapping):
        return {key: _filled(one, values) for key, one in template.items()}
    return [_filled(one, values) for one in template] if isinstance(template, list | tuple) else template
