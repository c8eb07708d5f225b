"""What county.toml says of messages to drivers: by which outlets they leave, and for how long each is tried.

An outlet is an address of the county's own choice that takes a POST: a webhook, which is sent one fixed document, or an
SMS gateway, whose document is a template. No gateway's name or format is in the program.
"""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from geodata.errors import BadInputError
from geodata.policy_tables import CHOICES, read_record, table_of, tables_of, wrong_kind

#: Tables of county.toml that are read here.
MESSAGE_TABLES: Final = ("messages", "outlet")
#: What a message may be about.
OCCASIONS: Final = CHOICES["outlet.occasions"]
#: What a template may name: the phone, the whole text, the pass and its link, and what the message is known by.
PLACEHOLDERS: Final = ("phone", "text", "plate", "number", "link", "occasion", "key")
#: What a header may name: what the secret file holds.
SECRET: Final = "secret"  # noqa: S105 - the name of a placeholder
_PART: Final = "settings"
_MAPS: Final = ("body", "headers", "accepted")
_LONGEST_TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Plain:
    """The keys of [[outlet]] that are no tables."""

    id: str
    url: str
    secret_file: str
    kind: str = "webhook"
    ca_file: str = ""
    timeout_s: float = 10.0
    occasions: tuple[str, ...] = ()
    content: str = "json"


@dataclass(frozen=True, slots=True)
class Outlet(_Plain):
    """One way by which messages leave.

    Attributes
    ----------
    id
        What officers know it by.
    kind
        "webhook" or "sms".
    url
        HTTPS; plain HTTP only to this machine itself.
    secret_file
        File of the secret that signs what is sent, and that `headers` may name; in the county folder or absolute.
    ca_file
        Certificates to trust instead of the machine's; "" for the machine's.
    timeout_s
        How long one attempt may take altogether.
    occasions
        What it is told of; empty for everything.
    content
        How an SMS gateway's document is written: "json" or "form".
    body, headers
        Templates, see `PLACEHOLDERS`.
    accepted
        Members that the answer must hold, for gateways that answer 200 also when they refuse; empty where the status
        says it all.
    """

    body: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    accepted: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def tells(self, occasion: str) -> bool:
        """Whether the outlet is told of an occasion."""
        return not self.occasions or occasion in self.occasions


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The table [messages] as it is written."""

    give_up_after_h: float = 6
    first_pause_s: float = 5
    longest_pause_min: float = 30


@dataclass(frozen=True, slots=True)
class MessageSettings(_Numbers):
    """How messages to drivers are sent.

    Attributes
    ----------
    give_up_after_h
        After so many hours a message counts as failed, and somebody must telephone.
    first_pause_s, longest_pause_min
        Between two attempts; each pause is twice the one before.
    outlets
        None: whoever is to be told is told by telephone.
    """

    outlets: tuple[Outlet, ...] = ()

    def outlet(self, outlet_id: str) -> Outlet | None:
        """Return an outlet by its id."""
        return next((one for one in self.outlets if one.id == outlet_id), None)


def read_message_settings(document: Mapping[str, Any], *, where: str) -> MessageSettings:
    """Read [messages] and every [[outlet]] of a parsed county.toml.

    Raises
    ------
    BadInputError
        `policy-key-*`, `policy-value-*`; `outlet-address-unsafe`, `outlet-id-twice`, `outlet-without-body`,
        `outlet-placeholder-unknown`, or `settings-value-wrong-kind`, with the key.
    """
    written = table_of(document, "messages", where=where, part=_PART)
    numbers = read_record(_Numbers, "messages", written, place=f"{where}: messages")
    tables = tables_of(document, "outlet", where=where)
    outlets = tuple(_read_outlet(one, f"{where}: outlet[{n}]") for n, one in enumerate(tables))
    ids = [one.id for one in outlets]
    twice = next((n for n, one in enumerate(ids) if one in ids[:n]), None)
    if twice is not None:
        raise BadInputError("outlet-id-twice", f"{where}: outlet[{twice}].id", id=ids[twice])
    return MessageSettings(numbers.give_up_after_h, numbers.first_pause_s, numbers.longest_pause_min, outlets)


def _read_outlet(values: Mapping[str, Any], place: str) -> Outlet:
    maps: dict[str, Any] = {key: _read_map(values.get(key, {}), f"{place}.{key}") for key in _MAPS}
    written = {key: one for key, one in values.items() if key not in _MAPS}
    plain = read_record(_Plain, "outlet", written, place=place)
    if not plain.id or len(plain.id) > 64:
        raise wrong_kind(f"{place}.id", plain.id, '"…"', part=_PART)
    if not 0 < plain.timeout_s <= _LONGEST_TIMEOUT_S:
        raise wrong_kind(f"{place}.timeout_s", plain.timeout_s, "10", part=_PART)
    _check_address(plain.url, f"{place}.url")
    if plain.kind == "sms" and not maps["body"]:
        raise BadInputError("outlet-without-body", f"{place}.body", id=plain.id)
    _check_placeholders(maps["body"], PLACEHOLDERS, f"{place}.body")
    _check_placeholders(maps["headers"], (SECRET,), f"{place}.headers")
    named: dict[str, Any] = {one.name: getattr(plain, one.name) for one in fields(_Plain)}
    return Outlet(**named, **maps)


def _read_map(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise wrong_kind(place, value, '{key = "…"}', part=_PART)
    return MappingProxyType(value)


def is_this_machine(host: str) -> bool:
    """Tell whether a host name is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_address(url: str, place: str) -> None:
    """Refuse an address over which phone numbers and links would go unencrypted."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise BadInputError("outlet-address-unsafe", place, value=url) from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(host))
    if not is_safe or not host or parts.username is not None or parts.fragment or not url.isascii():
        raise BadInputError("outlet-address-unsafe", place, value=url)


def texts_in(value: object) -> Iterator[str]:
    """Yield every text of a template, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def _check_placeholders(template: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for text in texts_in(template):
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError:
            raise BadInputError("outlet-placeholder-unknown", place, value=text, known=list(known)) from None
        unknown = next((name for name in names if name not in known), None)
        if unknown is not None:
            raise BadInputError("outlet-placeholder-unknown", place, value=unknown, known=list(known))
