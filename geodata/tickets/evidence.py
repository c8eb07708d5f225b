"""What must be shown before a ticket about a thing on the road is answered or closed: a sight of it, with a photo.

Approvals cure K1 to K4 on paper. That a road was opened (K5, K7) or a hard barrier taken away (K6) is seen on site: by
the responsible unit, and again by whoever closes the ticket, in whose place two trucks' tracks through may stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from geodata.closures.closure import Observation
from geodata.errors import BadInputError
from geodata.tickets.ticket import CLOSED, RESOLVED, SOFTENED, Step, Ticket

#: Checks about a thing on the road.
ON_SITE: Final = ("K5", "K6", "K7")
#: So many tracks through the spot since the unit's answer stand for a photo of whoever closes.
TRACKS_FOR_PHOTO: Final = 2


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the register says about the subject of a ticket.

    Attributes
    ----------
    is_approved
        Approval stands for this moment: it was extended, so that the road need not be open.
    observations
        Of the closure or blockage.
    """

    is_approved: bool = False
    observations: Sequence[Observation] = ()


def check_evidence(ticket: Ticket, step: Step, record: OnRecord) -> None:
    """Refuse an answer or a closing that shows nothing.

    Raises
    ------
    BadInputError
        `ticket-sight-missing` where nobody says what is to be seen on site, `ticket-photo-missing`;
        `ticket-not-open` where the road is to be open and is not said to be.
    """
    if ticket.check not in ON_SITE or step.step not in {RESOLVED, CLOSED}:
        return
    if ticket.check == "K5" and record.is_approved:
        return
    if not step.sight:
        raise BadInputError("ticket-sight-missing", "sight")
    if ticket.check == "K5" and step.sight != "open":
        raise BadInputError("ticket-not-open", "sight")
    if step.step == CLOSED and step.sight not in {"open", SOFTENED}:
        raise BadInputError("ticket-still-blocked", "sight")
    if not step.photo and not (step.step == CLOSED and _tracks_since_answer(ticket, record) >= TRACKS_FOR_PHOTO):
        raise BadInputError("ticket-photo-missing", "photo")


def _tracks_since_answer(ticket: Ticket, record: OnRecord) -> int:
    """Count the tracks through after the unit's answer."""
    answered = max((one.at for one in ticket.steps if one.step == RESOLVED), default=None)
    return sum(
        one.source == "track" and one.state == "open" and (answered is None or one.at > answered)
        for one in record.observations
    )
