"""The form of a step on a ticket: send, answer, return, verify and close."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from geodata.areas import TOWNSHIP
from web.closures.words import SIGHTS, choices_of
from web.shell.form import PageForm
from web.site import site

LONGEST_NOTE: Final = 1000


class StepForm(PageForm):
    """What is done about a finding."""

    unit = StringField(_l("Responsible unit"), [Optional(), Length(max=200)], render_kw={"list": "units"})
    note = TextAreaField(_l("What was done or seen"), [Optional(), Length(max=LONGEST_NOTE)], render_kw={"rows": 3})
    sight = RadioField(_l("On site"), [Optional()], choices=choices_of(SIGHTS), default="")
    count = HiddenField()

    def seen_count(self) -> int:
        """Return how many steps the ticket had when the form was opened."""
        said = self.count.data or ""
        return int(said) if said.isascii() and said.isdigit() else -1


def known_units() -> list[str]:
    """Return the townships of the county and the bodies of its rules: who may be responsible."""
    county = site().county
    townships = {area.name for area in county.areas if area.kind == TOWNSHIP}
    named = {place.township for place in county.places.by_id.values() if place.township}
    return sorted(townships or named)
