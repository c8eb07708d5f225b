"""The form by which a body decides on a request."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from geodata.closures.closure import Closure, Direction
from geodata.closures.deciding import Ruling
from geodata.closures.road_parts import read_road_parts, road_parts_text
from web.closures.dossier import one_direction
from web.closures.local_times import read_local, write_local
from web.closures.words import choices_of
from web.shell.access import who
from web.shell.form import PageForm
from web.site import site

#: What the form offers; part is an approval of less.
_CHOICES: Final = {
    "approve": _l("Approve as requested"),
    "part": _l("Approve less: a part of the roads or of the time"),
    "refuse": _l("Refuse the closure"),
}
_WITHDRAW: Final = {"withdraw": _l("Withdraw the approval")}
_WORDS: Final = {"approve": "approved", "part": "approved", "refuse": "refused", "withdraw": "withdrawn"}


class DecisionForm(PageForm):
    """Approve, approve less, refuse or withdraw, on paper or by phone."""

    decision = RadioField(_l("Decision"), [InputRequired(_l("Please choose one."))], choices=choices_of(_CHOICES))
    document_no = StringField(_l("Document number"), [Optional(), Length(max=100)])
    oral = BooleanField(_l("Approved by phone, document number to follow"))
    roads = TextAreaField(
        _l("Approved roads"),
        [Optional(), Length(max=5000)],
        description=_l("One road id a line; for a part add metres along the road: id@200-850"),
        render_kw={"rows": 4, "spellcheck": "false"},
    )
    start = StringField(_l("From"), [Optional(), Length(max=40)], render_kw={"type": "datetime-local"})
    end = StringField(_l("Until"), [Optional(), Length(max=40)], render_kw={"type": "datetime-local"})
    position = HiddenField()

    def __init__(self, closure: Closure, *, may_withdraw: bool, **values: Any) -> None:
        window = closure.window
        super().__init__(
            roads=road_parts_text(closure.extent, site().county.network),
            start=write_local(window.start if window else None),
            end=write_local(window.end if window else None),
            **values,
        )
        self.decision.choices = choices_of(_CHOICES | _WITHDRAW if may_withdraw else _CHOICES)

    def ruling(self, closure: Closure) -> Ruling:
        """Return what was filled in.

        Raises
        ------
        BadInputError
            What `read_road_parts` or `read_local` refuses.
        """
        said = self.decision.data or ""
        ruling = Ruling(
            authority=who().unit,
            decision=_WORDS.get(said, said),
            form="oral" if self.oral.data else "written",
            document_no=self.document_no.data or "",
        )
        if said != "part":
            return ruling
        direction = Direction(one_direction(closure.extent))
        network = site().county.network
        extent = read_road_parts(self.roads.data or "", network, direction=direction, where="roads")
        return Ruling(
            ruling.authority,
            ruling.decision,
            ruling.form,
            ruling.document_no,
            start=_kept(self.start.data, closure, "start"),
            end=_kept(self.end.data, closure, "end"),
            extent=extent,
        )


def _kept(text: str | None, closure: Closure, name: str) -> Any:
    """Return a time; one that the form showed to the minute and nobody changed is the one asked for."""
    asked = getattr(closure.window, name) if closure.window else None
    return asked if (text or "") == write_local(asked) else read_local(text, where=name)
