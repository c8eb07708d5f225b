"""The checkpoint's forms: find a pass, check a code, say what was done with the truck."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from geodata.errors import BadInputError
from passes.checkpoint.outcome import LONGEST_NOTE
from passes.checkpoint.queue_register import MOST_TRUCKS
from passes.reading.positions import Point, read_position
from passes.tokens.front_door import LONGEST_TOKEN
from web.driver.forms import sent_bytes
from web.shell.file_size import camera_marks
from web.shell.form import PageForm

#: A phone may keep what it could not send for so long.
LONGEST_KEPT_S: Final = 31 * 86_400
#: Longest name of a guard.
LONGEST_OFFICER: Final = 100


class TextForm(PageForm):
    """A token, the URL of a code or its digits, as it was scanned or pasted."""

    text = TextAreaField(
        _l("Code"),
        [InputRequired(_l("Scan the code, or paste its text.")), Length(max=2 * LONGEST_TOKEN)],
        description=_l("Text of the code, its link, or the digits."),
        render_kw={"rows": "2", "autocomplete": "off", "spellcheck": "false"},
    )
    plate = StringField(_l("Plate on the truck"), [Optional(), Length(max=16)], render_kw={"autocomplete": "off"})


class KeptForm(PageForm):
    """What a phone may have kept for a while: its times are read as differences, so that a wrong clock does no harm."""

    key = HiddenField()
    seen_at = HiddenField()
    sent_at = HiddenField()
    officer = HiddenField()

    def instant_of(self, field: HiddenField, now: datetime) -> datetime | None:
        """Return when something was, by the phone's clock then and now; None where it says nothing that can be."""
        try:
            kept_s = float(self.sent_at.data or "") - float(field.data or "")
        except ValueError:
            return None
        return now - timedelta(seconds=kept_s) if 0 < kept_s <= LONGEST_KEPT_S else None

    def checked_at(self, now: datetime) -> datetime:
        """Return when the truck was checked: now, or as long ago as the phone says that it has kept this."""
        return self.instant_of(self.seen_at, now) or now

    def judged_by(self, signed_in: str) -> str:
        """Return who judged: as the shift was handed over on the phone, else who is signed in."""
        said = " ".join((self.officer.data or "").split())
        return said[:LONGEST_OFFICER] if said.isprintable() and said else signed_in


class QueueForm(KeptForm):
    """How many trucks wait at the barrier."""

    trucks = IntegerField(
        _l("Trucks waiting now"),
        [InputRequired(_l("Count the trucks that wait."))],
        render_kw={"min": "0", "max": str(MOST_TRUCKS), "inputmode": "numeric"},
    )


class OutcomeForm(KeptForm):
    """What was done with the truck, and the evidence of a refusal."""

    text = HiddenField()
    position = HiddenField()
    arrived_at = HiddenField()
    shown_at = HiddenField()
    plate = StringField(_l("Plate on the truck"), [Optional(), Length(max=16)], render_kw={"autocomplete": "off"})
    outcome = HiddenField()
    reason = HiddenField()
    photo = FileField(_l("Photo of the plate"), render_kw=camera_marks())
    called = StringField(_l("Who answered the call"), [Optional(), Length(max=100)], render_kw={"autocomplete": "off"})
    note = TextAreaField(_l("What is it?"), [Optional(), Length(max=LONGEST_NOTE)], render_kw={"rows": "2"})

    def position_or(self, place: Point) -> Point:
        """Return where the phone was, else the place of its checkpoint."""
        try:
            return read_position(self.position.data or "", where="position")
        except BadInputError:
            return place

    def photo_bytes(self) -> bytes:
        """Return the photo that was sent, empty where none was."""
        return sent_bytes(self.photo)


class NoPassForm(OutcomeForm):
    """The same for a truck that shows no pass: its plate is all that is known."""

    plate = StringField(
        _l("Plate on the truck"),
        [InputRequired(_l("Type the plate.")), Length(max=16)],
        render_kw={"autocomplete": "off"},
    )
