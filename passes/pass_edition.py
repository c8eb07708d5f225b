"""Make one edition of a pass: its claims, the finest corridor that fits the code, its signature, and its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from geodata.store import CLOSURE_SET_VERSION, read_counter
from geodata.windows import format_instant
from passes.application_check import CheckedApplication
from passes.applications import Application, crew_labels
from passes.claims import PASS, CrewEntry, PassClaims, StatusSlot
from passes.conditions import Standing
from passes.keys import SigningKey
from passes.masking import last_four
from passes.office import Office
from passes.pass_code import fit_claims, to_code
from passes.pass_register import GRANTED, PassEvent, PassRecord, add_pass, record_event
from passes.pass_route import pass_route, passages_of
from passes.pass_window import PassWindow, closings_used
from passes.signing import sign_token
from passes.status_register import take_slot
from passes.whitelist import Firm
from routing.corridor import corridor_line
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
        return self.number if self.edition == 1 else f"{self.number}-{self.edition}"


@dataclass(frozen=True, slots=True)
class _Granted:
    """A checked application of which nothing is missing."""

    application: Application
    firm: Firm
    request: TripRequest
    trip: Trip
    window: PassWindow
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class _Signed:
    """A token, the URL of its code, and the name of the key that signed it."""

    kid: str
    token: str
    url: str


def _granted(checked: CheckedApplication) -> _Granted | None:
    """Return the parts of an application without findings, None where it is refused."""
    firm, request, trip, window = checked.firm, checked.request, checked.trip, checked.window
    if checked.findings or firm is None or request is None or trip is None or window is None:
        return None
    return _Granted(checked.application, firm, request, trip, window, checked.standings)


def _crew(granted: _Granted) -> tuple[tuple[CrewEntry, str], ...]:
    """Return each person as the token names them, with the role: the earliest end of their conditions (L4)."""
    entries = []
    for one, label in zip(granted.application.crew, crew_labels(granted.application.crew), strict=True):
        ends = [standing.ends_at for standing in granted.standings if standing.label == label and standing.ends_at]
        entries.append((CrewEntry(one.masked, last_four(one.id_number), min(ends, default=None)), one.role))
    return tuple(entries)


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
        terms.append("pending")
    if granted.firm.priority:
        terms.append("priority")
    return tuple(terms)


def _rules_version(office: Office) -> str:
    """Return the version of the rules a pass is issued under, its claim `rul`: they may be replaced from above (L1)."""
    regime = office.policy.regime
    return "@".join(part for part in (regime.id, regime.edition) if part)[:64]


def _claims(granted: _Granted, office: Office, *, jti: str, slot: StatusSlot, at: datetime) -> PassClaims:
    """Return the claims without the corridor's details: the straight line, drawn finer when the code is known."""
    working = [stop for stop in granted.trip.stops if stop.kind in {StopKind.ORIGIN, StopKind.DESTINATION}]
    return PassClaims(
        issuer=office.settings.area_code,
        jti=jti,
        issued_at=at.replace(microsecond=0),
        not_before=granted.window.not_before,
        expires_at=granted.window.expires_at,
        status=slot,
        plate=granted.application.vehicle.plate,
        crew=tuple(entry for entry, _ in _crew(granted)),
        origin=_end_id(granted.request.origin, working[0].place_id),
        destination=_end_id(granted.request.destination, working[-1].place_id),
        corridor=(granted.trip.geometry[0], granted.trip.geometry[-1]),
        tolerance_m=1,
        terms=_terms(granted),
        rules=_rules_version(office),
    )


def _sign(claims: PassClaims, granted: _Granted, office: Office, *, key: SigningKey) -> _Signed:
    """Draw the finest corridor whose code still fits, and sign."""
    line = corridor_line(granted.trip, office.trip_map.network)

    def with_corridor(points: int) -> PassClaims:
        corridor = line.corridor(points)
        return replace(claims, corridor=corridor.points, tolerance_m=corridor.tolerance_m)

    public_url = office.settings.public_url
    fitting = fit_claims(with_corridor, kid=key.kid, public_url=public_url)
    token = sign_token(fitting.to_claims(), key, typ=PASS.typ)
    return _Signed(key.kid, token, to_code(token, public_url))


def _refuse_closed_roads(granted: _Granted, office: Office) -> None:
    """Prove, apart from the search, that no road of the pass is closed within its window (L5)."""
    used = closings_used(granted.trip, office.engine, vehicle=granted.request.vehicle, window=granted.window.window)
    if used:
        raise RuntimeError(f"a pass would run over closed roads: {sorted({one.closure_id for one in used})}")


def _crew_shown(granted: _Granted) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "name": entry.masked_name,
            "id_tail": entry.id_tail,
            "role": role,
            "condition_ends_at": format_instant(entry.condition_ends_at) if entry.condition_ends_at else None,
        }
        for entry, role in _crew(granted)
    )


def _record(
    granted: _Granted, office: Office, claims: PassClaims, edition: Edition, *, signed: _Signed, at: datetime
) -> PassRecord:
    """Return what the register keeps of a signed edition."""
    network = office.trip_map.network
    return PassRecord(
        jti=edition.jti,
        number=edition.number,
        edition=edition.edition,
        state=GRANTED,
        firm=granted.firm.id,
        enterprise=granted.firm.name,
        plate=claims.plate,
        goods=granted.application.goods.kind,
        crew=_crew_shown(granted),
        application=edition.application,
        depart_at=granted.trip.depart_at,
        not_before=granted.window.not_before,
        expires_at=granted.window.expires_at,
        expires_because=granted.window.because,
        issued_at=at,
        kid=signed.kid,
        rules=claims.rules,
        network_digest=network.digest,
        closure_set_version=read_counter(office.connection, CLOSURE_SET_VERSION),
        token=signed.token,
        url=signed.url,
        route=pass_route(granted.trip, network),
    )


def make_edition(
    checked: CheckedApplication, office: Office, edition: Edition, *, key: SigningKey, at: datetime
) -> PassRecord | None:
    """Sign and keep one edition of a pass; None where the check refuses it."""
    granted = _granted(checked)
    if granted is None:
        return None
    _refuse_closed_roads(granted, office)
    slot = take_slot(office.connection, edition.jti, at=at)
    claims = _claims(granted, office, jti=edition.jti, slot=slot, at=at)
    signed = _sign(claims, granted, office, key=key)
    record = _record(granted, office, claims, edition, signed=signed, at=at)
    network, policy = office.trip_map.network, office.policy.passes
    add_pass(office.connection, record, passages_of(granted.trip, network, window=granted.window, policy=policy))
    facts = {**edition.facts, "notes": [one.code for one in checked.notes]}
    record_event(office.connection, PassEvent(record.jti, at, edition.event, "", facts))
    return record
