"""The driver's forms: a blocked road, a needed stop, and who else may act on a link."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from geodata.errors import BadInputError
from passes.reading.positions import Point, read_position
from passes.reports.road_reporting import LONGEST_NOTE
from web.shell.file_size import camera_marks
from web.shell.form import PageForm
from web.site import site
from web.wording.barriers import BARRIER_NAMES

STOPS: Final = (
    ("fuel", _l("Fuel")),
    ("toilet", _l("Toilet")),
    ("breakdown", _l("Breakdown")),
    ("unwell", _l("Unwell")),
)


def barrier_choices() -> list[tuple[str, str]]:
    """Return what may stand on a road, in this request's language."""
    return [(code, wording.text(site().lang, {})) for code, wording in BARRIER_NAMES.items()]


def sent_bytes(field: FileField) -> bytes:
    """Return the file that a field was sent, empty where none was chosen."""
    return bytes(field.data.read()) if field.data else b""


def position_of(text: str) -> Point:
    """Read a position as the map, the phone or a person writes it.

    Raises
    ------
    BadInputError
        `position-not-a-number`.
    """
    return read_position(text.replace("，", ",").strip(), where="position")


class ReportForm(PageForm):
    """A blocked road: where, what stands there, and a photo."""

    position = StringField(
        _l("Where"),
        [InputRequired(_l("Use your position, or tap the place on the map."))],
        description=_l("Longitude and latitude; the button and the map fill this in."),
        render_kw={"autocomplete": "off", "inputmode": "text"},
    )
    is_sure = BooleanField(_l("The place is right"))
    barrier = RadioField(_l("What stands there"), [InputRequired(_l("Choose what stands there."))])
    photo = FileField(_l("Photo"), render_kw=camera_marks())
    note = TextAreaField(_l("Note"), [Optional(), Length(max=LONGEST_NOTE)])

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.barrier.choices = barrier_choices()

    def photo_bytes(self) -> bytes:
        """Return the photo that was sent, empty where none was."""
        return sent_bytes(self.photo)


class StopForm(PageForm):
    """A needed stop: why, and where where the phone tells it."""

    kind = RadioField(_l("Why"), [InputRequired(_l("Choose why you need to stop."))])
    position = HiddenField()

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.kind.choices = list(STOPS)

    def point(self) -> Point | None:
        """Return where the phone is, None where it did not tell."""
        try:
            return position_of(self.position.data) if self.position.data else None
        except BadInputError:
            return None


class TailForm(PageForm):
    """The last four characters of an ID number of the crew."""

    tail = StringField(
        _l("Last four characters of the ID number"),
        [InputRequired(_l("Type the four characters.")), Length(min=4, max=4)],
        description=_l("Of the driver or of anybody else on the truck."),
        render_kw={"autocomplete": "off", "maxlength": "4", "inputmode": "text"},
    )
