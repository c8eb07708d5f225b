"""Ask the rules of very many applications, and draft the passes of those that are clean: all that needs no number.

It changes nothing, so it may be done ahead of the transaction that keeps what comes of it, and elsewhere; it holds as
long as nothing has changed that it rests on (`Ground`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BadInputError, BaotongError
from geodata.store import CLOSURE_SET_VERSION, MAP_EDITION, read_counter
from passes.applications.application import Application, read_application
from passes.applications.check import CheckedApplication, check_applications
from passes.applications.office import Office, all_conditions
from passes.editions.pass_edition import draft_passes
from passes.whitelist.register import whitelist_mark

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.policy import Condition
    from passes.editions.pass_draft import PassDraft
    from passes.whitelist.firms import Firm

#: So long what the rules said may wait to be kept: conditions lapse, departures come near.
HOLDS_FOR: Final = timedelta(seconds=60)
#: What the rules look at in the register: its closures, its firms and its map. Equal grounds give equal answers.
Ground = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the rules said of an application, and its pass but for the number where one would be issued at once."""

    checked: CheckedApplication
    draft: PassDraft | None = None


def ground_of(connection: sa.Connection) -> Ground:
    """Return what the rules look at, as a transaction sees it."""
    closures, edition = (read_counter(connection, name) for name in (CLOSURE_SET_VERSION, MAP_EDITION))
    return closures, whitelist_mark(connection), edition


def read_own(document: Mapping[str, Any], conditions: Sequence[Condition]) -> Application | BadInputError:
    """Read an application's document, or return what is wrong with it."""
    try:
        return read_application(document, where="", conditions=conditions)
    except BadInputError as error:
        return error


def prepare(
    documents: Sequence[Mapping[str, Any]],
    office: Office,
    *,
    firm: Firm,
    at: datetime,
    read: Sequence[Application | None] = (),
) -> tuple[Prepared | BaotongError, ...]:
    """Ask every rule of a firm's own documents; in place of one that cannot be asked stands its error.

    Parameters
    ----------
    read
        The documents as they were read before, whatever enterprise they name; None for one that was not.
    """
    conditions = all_conditions(office.settings)
    results: list[Prepared | BaotongError | Application] = [
        read_own(one, conditions) if known is None else own_application(known, one, firm)
        for one, known in zip(documents, read or [None] * len(documents), strict=True)
    ]
    asked = [(place, one) for place, one in enumerate(results) if isinstance(one, Application)]
    checks = check_applications([application for _, application in asked], office, at=at)
    clean: list[tuple[int, CheckedApplication]] = []
    for (place, _), checked in zip(asked, checks, strict=True):
        results[place] = checked if isinstance(checked, BaotongError) else Prepared(checked)
        if isinstance(checked, CheckedApplication) and not checked.findings and office.policy.passes.auto_issue:
            clean.append((place, checked))
    drafts = draft_passes([checked for _, checked in clean], office, at=at)
    for (place, checked), draft in zip(clean, drafts, strict=True):
        results[place] = Prepared(checked, draft)
    return tuple(one for one in results if not isinstance(one, Application))


def own_application(known: Application, document: Mapping[str, Any], firm: Firm) -> Application:
    """Return an application that was read before as a firm's own."""
    return replace(known, enterprise=firm.name, document=MappingProxyType(document))
