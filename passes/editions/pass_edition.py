"""Make editions of passes of what was checked: what each says, its record, its roads; then they are signed and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from geodata.collector import collector_resting
from geodata.errors import BadInputError
from geodata.store import CLOSURE_SET_VERSION, read_counter
from geodata.windows import format_instant
from passes.applications.application import Application, crew_labels
from passes.applications.check import CheckedApplication
from passes.applications.conditions import Standing
from passes.applications.office import Office
from passes.applications.pass_window import PassWindow, closings_used
from passes.editions.bulk_editions import Unsigned, jti_of, keep_editions
from passes.editions.pass_register import GRANTED, PassEvent, PassRecord
from passes.tokens.claims import PENDING_TERM, CrewEntry, PassClaims, StatusSlot
from passes.tokens.keys import SigningKey
from passes.tokens.masking import last_four
from passes.ways.pass_route import corridor_of_pass, pass_route, stages_of
from passes.whitelist.firms import Firm
from routing.trips.trip import StopKind, Trip, TripEnd, TripRequest


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of which pass number is made, for which kept application, and what its first event tells."""

    number: str
    application: str
    edition: int = 1
    event: str = "issued"
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def jti(self) -> str:
        """What the token is keyed on."""
        return jti_of(self.number, self.edition)


@dataclass(frozen=True, slots=True)
class _Member:
    """A person as the token names them, with role, and whether a result was not known yet (L2)."""

    entry: CrewEntry
    role: str
    pending: bool


@dataclass(frozen=True, slots=True)
class _Granted:
    """A checked application of which nothing is missing."""

    application: Application
    firm: Firm
    request: TripRequest
    trip: Trip
    window: PassWindow
    standings: tuple[Standing, ...]
    crew: tuple[_Member, ...]


def _crew(checked: CheckedApplication) -> tuple[_Member, ...]:
    """Return each person, with the earliest end of their conditions (L4)."""
    members = []
    for one, label in zip(checked.application.crew, crew_labels(checked.application.crew), strict=True):
        own = [standing for standing in checked.standings if standing.label == label]
        ends = [standing.ends_at for standing in own if standing.ends_at]
        entry = CrewEntry(one.masked, last_four(one.id_number), min(ends, default=None))
        members.append(_Member(entry, one.role, any(standing.pending for standing in own)))
    return tuple(members)


def _granted(checked: CheckedApplication) -> _Granted | None:
    """Return the parts of an application without findings, None where it is refused."""
    firm, request, trip, window = checked.firm, checked.request, checked.trip, checked.window
    if checked.findings or firm is None or request is None or trip is None or window is None:
        return None
    return _Granted(checked.application, firm, request, trip, window, checked.standings, _crew(checked))


def _end_id(end: TripEnd, place_id: str) -> str:
    """Return how the token names an end: a place's id, an area code, or a position."""
    if end.is_outside:
        return end.area_code
    if place_id or end.point is None:
        return place_id
    return f"{end.point.lon:.4f},{end.point.lat:.4f}"


def _terms(granted: _Granted) -> tuple[str, ...]:
    """Return the terms of the pass as short codes.

    A pass is for one trip, there and, where asked, back again: the policy's `trips_per_pass = "one_round_trip"`. Firms
    that keep the city running are named as first to be served.
    """
    terms = ["round_trip" if granted.application.round_trip else "one_way"]
    if any(one.pending for one in granted.standings):
        terms.append(PENDING_TERM)
    if granted.firm.priority:
        terms.append("priority")
    return tuple(terms)


def _rules_version(office: Office) -> str:
    """Return the version of the rules a pass is issued under, its claim `rul`: they may be replaced from above (L1)."""
    regime = office.policy.regime
    return "@".join(part for part in (regime.id, regime.edition) if part)[:64]


def _claims(granted: _Granted, office: Office, slot: StatusSlot, *, jti: str, at: datetime) -> dict[str, Any]:
    """Return the claims with the straight line between the ends; the corridor is drawn when the code is known."""
    first, last = granted.trip.stops[0], granted.trip.stops[-1]
    working = [stop for stop in granted.trip.stops if stop.kind in {StopKind.ORIGIN, StopKind.DESTINATION}]
    claims = PassClaims(
        issuer=office.settings.area_code,
        jti=jti,
        issued_at=at.replace(microsecond=0),
        not_before=granted.window.not_before,
        expires_at=granted.window.expires_at,
        status=slot,
        plate=granted.application.vehicle.plate,
        crew=tuple(one.entry for one in granted.crew),
        origin=_end_id(granted.request.origin, working[0].place_id),
        destination=_end_id(granted.request.destination, working[-1].place_id),
        corridor=((first.lon, first.lat), (last.lon, last.lat)),
        tolerance_m=1,
        terms=_terms(granted),
        rules=_rules_version(office),
    )
    return claims.to_claims()


def _refuse_closed_roads(granted: _Granted, office: Office) -> None:
    """Prove, apart from the search, that no road of the pass is closed within its window (L5)."""
    used = closings_used(granted.trip, office.engine, vehicle=granted.request.vehicle, window=granted.window.window)
    if used:
        raise RuntimeError(f"a pass would run over closed roads: {sorted({one.closure_id for one in used})}")


def _crew_shown(granted: _Granted) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "name": one.entry.masked_name,
            "id_tail": one.entry.id_tail,
            "role": one.role,
            "condition_ends_at": format_instant(ends_at) if (ends_at := one.entry.condition_ends_at) else None,
            **({"pending": True} if one.pending else {}),
        }
        for one in granted.crew
    )


def _record(granted: _Granted, office: Office, edition: Edition, *, version: int, at: datetime) -> PassRecord:
    """Return what the register keeps of an edition; key, token and code come with its signature."""
    network = office.trip_map.network
    return PassRecord(
        jti=edition.jti,
        number=edition.number,
        edition=edition.edition,
        state=GRANTED,
        firm=granted.firm.id,
        enterprise=granted.firm.name,
        plate=granted.application.vehicle.plate,
        goods=granted.application.goods.kind,
        crew=_crew_shown(granted),
        application=edition.application,
        depart_at=granted.trip.depart_at,
        not_before=granted.window.not_before,
        expires_at=granted.window.expires_at,
        expires_because=granted.window.because,
        issued_at=at,
        kid="",
        rules=_rules_version(office),
        network_digest=network.digest,
        closure_set_version=version,
        token="",
        url="",
        route=pass_route(granted.trip, network),
    )


def make_editions(
    wanted: Sequence[tuple[CheckedApplication, Edition]], office: Office, *, key: SigningKey, at: datetime
) -> tuple[PassRecord | BadInputError | None, ...]:
    """Sign and keep editions of passes in the caller's transaction; None for each that the check refuses.

    In place of one whose code does not fit, however coarse its corridor, stands the error `pass-code-too-long`; of it
    nothing is kept.
    """
    made = unsigned_editions(wanted, office, at=at)
    unsigned = [one for one in made if one is not None]
    public_url = office.settings.public_url
    kept = iter(keep_editions(office.connection, unsigned, key=key, public_url=public_url, at=at))
    return tuple(None if one is None else next(kept) for one in made)


def unsigned_editions(
    wanted: Sequence[tuple[CheckedApplication, Edition]], office: Office, *, at: datetime
) -> tuple[Unsigned | None, ...]:
    """Return editions ready to be signed; None for each that the check refuses."""
    version = read_counter(office.connection, CLOSURE_SET_VERSION)
    with collector_resting():
        return tuple(_unsigned(checked, office, edition, version=version, at=at) for checked, edition in wanted)


def _unsigned(
    checked: CheckedApplication, office: Office, edition: Edition, *, version: int, at: datetime
) -> Unsigned | None:
    """Return an edition ready to be signed, proved to run over no closed road."""
    granted = _granted(checked)
    if granted is None:
        return None
    _refuse_closed_roads(granted, office)
    network, policy = office.trip_map.network, office.policy.passes
    notes = [note.code for note in checked.notes]
    return Unsigned(
        record=_record(granted, office, edition, version=version, at=at),
        claims=partial(_claims, granted, office, jti=edition.jti, at=at),
        line=corridor_of_pass(granted.trip, network),
        stages=stages_of(granted.trip, network, window=granted.window, policy=policy),
        event=PassEvent(edition.jti, at, edition.event, "", {**edition.facts, "notes": notes}),
    )


def make_edition(
    checked: CheckedApplication, office: Office, edition: Edition, *, key: SigningKey, at: datetime
) -> PassRecord | None:
    """Sign and keep one edition of a pass; None where the check refuses it.

    Raises
    ------
    BadInputError
        `pass-code-too-long`.
    """
    (made,) = make_editions([(checked, edition)], office, key=key, at=at)
    if isinstance(made, BadInputError):
        raise made
    return made
