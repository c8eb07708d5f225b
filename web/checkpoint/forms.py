"""The checkpoint's forms: find a pass, check a code, say what was done with the truck."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from passes.checkpoint_outcome import LONGEST_NOTE
from passes.front_door import LONGEST_TOKEN
from web.driver.forms import sent_bytes
from web.shell.form import PageForm

#: A phone may keep what it could not send for so long.
LONGEST_KEPT_S: Final = 31 * 86_400


class TextForm(PageForm):
    """A token, the URL of a code or its digits, as it was scanned or pasted."""

    text = TextAreaField(
        _l("Code"),
        [InputRequired(_l("Scan the code, or paste its text.")), Length(max=2 * LONGEST_TOKEN)],
        description=_l("Text of the code, its link, or the digits."),
        render_kw={"rows": "2", "autocomplete": "off", "spellcheck": "false"},
    )
    plate = StringField(_l("Plate on the truck"), [Optional(), Length(max=16)], render_kw={"autocomplete": "off"})


class OutcomeForm(PageForm):
    """What was done with the truck, and the evidence of a refusal."""

    key = HiddenField()
    text = HiddenField()
    seen_at = HiddenField()
    sent_at = HiddenField()
    plate = StringField(_l("Plate on the truck"), [Optional(), Length(max=16)], render_kw={"autocomplete": "off"})
    outcome = HiddenField()
    reason = HiddenField()
    photo = FileField(
        _l("Photo of the plate"), render_kw={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
    )
    called = StringField(_l("Who answered the call"), [Optional(), Length(max=100)], render_kw={"autocomplete": "off"})
    note = TextAreaField(_l("What is it?"), [Optional(), Length(max=LONGEST_NOTE)], render_kw={"rows": "2"})

    def checked_at(self, now: datetime) -> datetime:
        """Return when the truck was checked: now, or as long ago as the phone says that it has kept this.

        The difference of two readings of the phone's clock counts, so that a wrong clock does no harm.
        """
        try:
            kept_s = float(self.sent_at.data or "") - float(self.seen_at.data or "")
        except ValueError:
            return now
        return now - timedelta(seconds=kept_s) if 0 < kept_s <= LONGEST_KEPT_S else now

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
