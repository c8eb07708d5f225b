"""The form of a step on a ticket: send, answer, return, verify and close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from passes.tickets.batch import EACH_ITS_OWN
from passes.tickets.units import known_units
from web.closures.words import SIGHTS, choices_of, unit_or_role
from web.shell.file_size import camera_marks
from web.shell.form import PageForm
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

LONGEST_NOTE: Final = 1000


class StepForm(PageForm):
    """What is done about a finding."""

    unit = SelectField(_l("Responsible unit"), [Optional()], choices=[], validate_choice=False)
    note = TextAreaField(_l("What was done or seen"), [Optional(), Length(max=LONGEST_NOTE)], render_kw={"rows": 3})
    sight = RadioField(_l("On site"), [Optional()], choices=choices_of(SIGHTS), default="")
    photo = FileField(_l("Photo"), render_kw=camera_marks())
    count = HiddenField()

    def seen_count(self) -> int:
        """Return how many steps the ticket had when the form was opened."""
        said = self.count.data or ""
        return int(said) if said.isascii() and said.isdigit() else -1

    def ask_for(self, *, note: bool, photo: bool) -> None:
        """Mark what the next step cannot do without."""
        self.note.flags.required = note
        self.photo.flags.required = photo

    def offer_units(self, connection: sa.Connection, chosen: str, *, each: bool = False) -> None:
        """Offer the units that may be responsible, and where asked each ticket's own; one is chosen if none was yet."""
        own = [SelectChoice(EACH_ITS_OWN, _l("Each to its own responsible unit"))] if each else []
        self.unit.choices = [*own, *unit_choices(connection)]
        self.unit.data = self.unit.data or chosen


def unit_choices(connection: sa.Connection) -> list[SelectChoice]:
    """Return who may be responsible as the choices of a field, by the names that people know."""
    named: list[tuple[str, str | LazyString]] = [("", _l("Choose a unit"))]
    named += [(one, unit_or_role(one)) for one in known_units(connection, site().county)]
    return [SelectChoice(unit, name) for unit, name in named]
