"""What was prepared of rows in one process, as it is sent to another one: plain values, ways and lines only once.

Only rows that are clean are sent; whoever keeps the rows asks the rules of the others and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, Generic, TypeAlias, TypeVar

from geodata.errors import BaotongError
from geodata.findings import Finding
from passes.applications.application import Application
from passes.applications.check import CheckedApplication
from passes.editions.pass_draft import PassDraft
from passes.editions.pass_register import PassRecord
from passes.intake.preparing import Prepared
from passes.tokens.code_fitting import CodeDesk, fit_payload
from passes.tokens.drawn_line import DrawnLine
from passes.ways.driven_way import DrivenWay, Stage
from passes.ways.packed_route import PackedRoute, packed_route
from passes.whitelist.firms import Firm

#: Ways, or lines, known at both ends at most; then both forget and begin anew.
_MOST_KNOWN: Final = 3_000

_NAMES: Final = tuple(one.name for one in fields(PassRecord) if one.name != "route")
_ROUTE_PLACE: Final = tuple(one.name for one in fields(PassRecord)).index("route")
_plain_values = attrgetter(*_NAMES)
_Note: TypeAlias = tuple[str, str, str, dict[str, Any]]
_SentStage: TypeAlias = tuple[int, int, int, int, int, int]
_SentDraft: TypeAlias = tuple[tuple[Any, ...], bytes, dict[str, Any], int, tuple[_SentStage, ...]]
_SentRow: TypeAlias = tuple[tuple[_Note, ...], _SentDraft | None]

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class SentRows:
    """Rows on their way; None for each that is left to the receiver.

    Attributes
    ----------
    is_anew
        Whatever was sent before is forgotten.
    ways, lines
        Those that are sent for the first time, by number.
    """

    is_anew: bool
    ways: Mapping[int, DrivenWay]
    lines: Mapping[int, DrawnLine]
    rows: Sequence[_SentRow | None]


@dataclass(eq=False)
class _Numbered(Generic[V]):
    """Things that were sent, held so that no other is ever taken for one of them."""

    known: dict[int, tuple[int, V]] = field(default_factory=dict)
    new: dict[int, V] = field(default_factory=dict)

    def number(self, thing: V) -> int:
        """Return the number of a thing, a new one where it was never sent."""
        found = self.known.get(id(thing))
        if found is None:
            found = self.known[id(thing)] = len(self.known), thing
            self.new[found[0]] = thing
        return found[0]


class Sender:
    """Makes messages of what was prepared, one after the other for the same receiver."""

    def __init__(self, desk: CodeDesk) -> None:
        self._desk = desk
        self._ways: _Numbered[DrivenWay] = _Numbered()
        self._lines: _Numbered[DrawnLine] = _Numbered()

    def sent(self, prepared: Sequence[Prepared | BaotongError]) -> SentRows:
        """Return what was prepared of rows as it is sent."""
        is_anew = max(len(self._ways.known), len(self._lines.known)) > _MOST_KNOWN
        if is_anew:
            self._ways, self._lines = _Numbered(), _Numbered()
        rows = [self._row(one) if isinstance(one, Prepared) and not one.checked.findings else None for one in prepared]
        message = SentRows(is_anew, self._ways.new, self._lines.new, rows)
        self._ways.new, self._lines.new = {}, {}
        return message

    def _row(self, prepared: Prepared) -> _SentRow:
        notes = tuple((one.code, one.clause, one.subject, dict(one.facts)) for one in prepared.checked.notes)
        return notes, None if prepared.draft is None else self._draft(prepared.draft)

    def _draft(self, draft: PassDraft) -> _SentDraft:
        stages = tuple(
            (self._ways.number(one.way), one.first_leg, one.early_us, one.late_us, one.least_us, one.most_us)
            for one in draft.stages
        )
        if draft.line.fitted is None:
            self._try(draft)
        line = self._lines.number(draft.line)
        return _plain_values(draft.record), packed_route(draft.record.route).packed, dict(draft.claims), line, stages

    def _try(self, draft: PassDraft) -> None:
        """Draw the corridors that fit about so, before the line is sent: the receiver need not."""
        try:
            fit_payload(draft.claims, draft.line, self._desk)
        except BaotongError:
            return  # whoever signs it says why


@dataclass(frozen=True, slots=True)
class ReceivedRows:
    """Rows as they came from a sender, with the ways and lines that they name."""

    rows: Sequence[_SentRow | None]
    ways: Mapping[int, DrivenWay]
    lines: Mapping[int, DrawnLine]

    def prepared(self, applications: Sequence[Application], firm: Firm) -> list[Prepared | None]:
        """Return what was prepared, given the firm's own applications; None for each row that was not sent."""
        pairs = zip(self.rows, applications, strict=True)
        return [None if row is None else self._prepared(row, one, firm) for row, one in pairs]

    def _prepared(self, row: _SentRow, application: Application, firm: Firm) -> Prepared:
        notes = tuple(Finding(*one[:3], MappingProxyType(one[3])) for one in row[0])
        checked = CheckedApplication(application, findings=(), notes=notes, standings=(), firm=firm)
        return Prepared(checked, None if row[1] is None else self._draft(row[1], notes))

    def _draft(self, sent: _SentDraft, notes: Sequence[Finding]) -> PassDraft:
        values, packed, claims, line, sent_stages = sent
        stages = tuple(Stage(self.ways[number], *times) for number, *times in sent_stages)
        ways = [one.way for one in stages]
        route = PackedRoute(packed, tuple(one.packed for one in ways), tuple(one.name for one in ways))
        record = PassRecord(*[*values[:_ROUTE_PLACE], route, *values[_ROUTE_PLACE:]])
        return PassDraft(record, claims, self.lines[line], stages, tuple(one.code for one in notes))


class Receiver:
    """Knows the ways and lines that one sender sent; messages come in the order in which they were sent."""

    def __init__(self) -> None:
        self._ways: dict[int, DrivenWay] = {}
        self._lines: dict[int, DrawnLine] = {}

    def rows(self, message: SentRows) -> ReceivedRows:
        """Return the rows of a message."""
        if message.is_anew:
            self._ways, self._lines = {}, {}
        self._ways.update(message.ways)
        self._lines.update(message.lines)
        return ReceivedRows(message.rows, self._ways, self._lines)
