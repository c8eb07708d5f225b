"""Fetch the status lists of other issuers from where they publish them: TLS verified, no redirect followed.

What comes is taken only where the issuer's own trusted key has signed it, so a plain address can do no more harm than
one that does not answer: the list grows old, and the verdict says so.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from geodata.errors import BadInputError, BaotongError
from passes.editions.status_register import list_uri
from passes.keyring.foreign_lists_register import take_foreign_list
from passes.keyring.root_register import issuer_addresses, trusted_issuers
from web.outlet.fetching import fetch, silent

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.verifying.root_list import OtherIssuer

#: Nobody has more lists: each is good for 65,536 passes.
_MOST_LISTS: Final = 64
_LONGEST_ADDRESS: Final = 300
#: Opens a transaction that writes or only reads.
Transaction = Callable[[bool], AbstractContextManager["sa.Connection"]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one issuer.

    Attributes
    ----------
    lists
        How many of its lists are newer now, or still the newest.
    error
        What went wrong, None where nothing did.
    """

    issuer: str
    lists: int
    error: BaotongError | None = None


def check_address(address: str) -> str:
    """Return an address where lists are published, without its last slash.

    Raises
    ------
    BadInputError
        `trust-address-unusable`.
    """
    plain = address.strip().rstrip("/")
    try:
        parts = urlsplit(plain)
        is_right = parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or parts.username is not None or parts.query or parts.fragment or not plain.isascii():
        raise BadInputError("trust-address-unusable", "--address", value=address[:_LONGEST_ADDRESS])
    if len(plain) > _LONGEST_ADDRESS - len(list_uri(_MOST_LISTS)):
        raise BadInputError("trust-address-unusable", "--address", value=plain[:_LONGEST_ADDRESS])
    return plain


def fetch_foreign_lists(open_: Transaction, now: Callable[[], datetime]) -> tuple[Fetched, ...]:
    """Fetch every list of every trusted issuer that has an address; one that fails does not keep the others off."""
    with open_(False) as connection:
        addresses = issuer_addresses(connection)
        others = trusted_issuers(connection) if addresses else {}
    return tuple(_fetch_of(others[issuer], address, open_, now) for issuer, address in addresses.items())


def _fetch_of(other: OtherIssuer, address: str, open_: Transaction, now: Callable[[], datetime]) -> Fetched:
    count = 0
    try:
        for number in range(1, _MOST_LISTS + 1):
            token = fetch(address + list_uri(number))
            if token is None:
                break
            with open_(True) as connection:
                take_foreign_list(connection, other, token, at=now(), where=address + list_uri(number))
            count += 1
    except BaotongError as error:
        return Fetched(other.issuer, count, error)
    return Fetched(other.issuer, count, None if count else silent(address, "404"))
