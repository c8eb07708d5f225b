"""The signing keys: their states, what waits for a second person, the root's list, and passes that are void."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from geodata.errors import BadInputError
from passes.jobs_register import OVER, add_job, list_jobs
from passes.keyring import key_acts
from passes.keyring.foreign_lists_register import foreign_statuses
from passes.keyring.key_act_register import KeyAct, find_act, list_acts
from passes.keyring.key_register import KeyRecord, list_keys
from passes.keyring.root_publishing import ahead_of
from passes.keyring.root_register import PublishedList, find_root, published_list, trusted_issuers
from passes.keyring.root_succession import fingerprint
from passes.reissue.void_register import count_void
from web.keys import published
from web.keys.blueprint import pages
from web.shell.access import allow, who
from web.shell.form import PageForm
from web.shell.form_errors import put_error, sentence_of
from web.shell.navigation import LISTS, Entry
from web.site import reading, site, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from passes.jobs_register import Job
    from passes.tokens.keys import PublicKey
    from passes.verifying.root_list import OtherIssuer
    from passes.verifying.status_list import StatusLists

__all__ = ["NAVIGATION", "pages", "published"]

NAVIGATION: Final = (
    Entry(
        "keys.show",
        _l("Signing keys"),
        _l("Rotate or withdraw a key: two people do it"),
        order=80,
        group=LISTS,
    ),
)
_JOB: Final = "reissue"
_ACTS_SHOWN: Final = 20
_JOBS_LOOKED_AT: Final = 50


class ProposalForm(PageForm):
    """What is proposed, and why."""

    act = RadioField(
        _l("What is to be done"),
        choices=[
            SelectChoice("rotate", _l("Rotate the keys")),
            SelectChoice("withdraw", _l("Withdraw a stolen key")),
        ],
        default="rotate",
    )
    kid = SelectField(_l("Which key"), choices=[], validate_choice=False)
    reason = StringField(_l("Why"), [InputRequired(_l("Give the reason.")), Length(max=500)])


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows of one moment."""

    keys: tuple[KeyRecord, ...]
    waiting: tuple[KeyAct, ...]
    done: tuple[KeyAct, ...]
    root: PublicKey | None
    published: PublishedList | None
    trusted: Mapping[str, OtherIssuer]
    foreign: Mapping[str, StatusLists]
    void: int
    job: Job | None

    @property
    def fingerprint(self) -> str:
        """What people compare of the root, "" where there is none."""
        return "" if self.root is None else fingerprint(self.root)

    @property
    def lags(self) -> bool:
        """Whether the root's list does not say what the register says."""
        if self.published is None:
            return False
        found = self.published.found
        withdrawn = {one.public.kid for one in self.keys if one.withdrawn_at is not None}
        unlisted = any(not one.is_listed for one in self.keys if one.withdrawn_at is None)
        return unlisted or not withdrawn <= found.withdrawn or dict(found.others) != dict(self.trusted)


def _look() -> _Shown:
    at = site().now()
    with reading() as connection:
        waiting = key_acts.open_acts(connection, at=at)
        jobs = (one for one in list_jobs(connection, most=_JOBS_LOOKED_AT) if one.kind == _JOB)
        newest = published_list(connection)
        return _Shown(
            keys=list_keys(connection),
            waiting=waiting,
            done=tuple(one for one in list_acts(connection) if one not in waiting)[:_ACTS_SHOWN],
            root=find_root(connection),
            published=newest,
            trusted=trusted_issuers(connection),
            foreign=foreign_statuses(connection, {} if newest is None else newest.found.others),
            void=count_void(connection, at=at),
            job=next(jobs, None),
        )


def _page(form: ProposalForm | None = None, *, told: str = "", status: int = 200) -> Response:
    shown = _look()
    form = form or ProposalForm()
    kids = [one.public.kid for one in shown.keys if one.withdrawn_at is None]
    form.kid.choices = [SelectChoice(kid, kid) for kid in kids]
    days = ahead_of(site().county.settings.policy).days
    page = render_template(
        "keys/keys.html", shown=shown, form=form, told=told, at=site().now(), me=who().name, keys_ahead_days=days
    )
    return make_response(page, status)


@pages.get("/keys")
@allow("T", "HQ")
def show() -> Response:
    """Show the keys and what waits."""
    return _page()


@pages.post("/keys")
@allow("T", "HQ")
def propose() -> Response:
    """Propose to rotate the keys or to withdraw one."""
    form = ProposalForm()
    if not form.is_sent_right():
        return _page(form, status=form.status)
    try:
        with writing() as connection:
            key_acts.propose(
                connection,
                form.act.data or "",
                by=who().name,
                at=site().now(),
                about=form.kid.data or "",
                reason=form.reason.data or "",
            )
    except BadInputError as error:
        put_error(form, error)
        return _page(form, status=422)
    flash(_("Proposed. Another person must confirm it."), "good")
    return redirect(url_for("keys.show"), 303)


def _known(act_id: str) -> None:
    """Answer 404 for an act that there never was."""
    with reading() as connection:
        find_act(connection, act_id)


@pages.post("/keys/acts/<act_id>/confirm")
@allow("T", "HQ")
def confirm(act_id: str) -> Response:
    """Confirm what another person has proposed: it is done now, and passes of a withdrawn key are signed again."""
    _known(act_id)
    at, ahead = site().now(), ahead_of(site().county.settings.policy)
    try:
        with writing() as connection:
            done = key_acts.confirm(connection, act_id, by=who().name, key_file=site().key_file, at=at, ahead=ahead)
            if done.act == key_acts.WITHDRAW:
                add_job(connection, _JOB, {}, owner=who().name, at=at)
    except BadInputError as error:
        return _page(told=sentence_of(error), status=422)
    flash(_("Confirmed and done."), "good")
    return redirect(url_for("keys.show"), 303)


@pages.post("/keys/acts/<act_id>/turn-down")
@allow("T", "HQ")
def turn_down(act_id: str) -> Response:
    """Turn a proposal down, or take one's own back."""
    _known(act_id)
    try:
        with writing() as connection:
            key_acts.turn_down(connection, act_id, by=who().name, at=site().now())
    except BadInputError as error:
        return _page(told=sentence_of(error), status=422)
    flash(_("Nothing is done."))
    return redirect(url_for("keys.show"), 303)


@pages.post("/keys/reissue")
@allow("T", "HQ")
def reissue() -> Response:
    """Go on signing void passes again where a run before was broken off."""
    shown = _look()
    if shown.void and (shown.job is None or shown.job.state in OVER):
        with writing() as connection:
            add_job(connection, _JOB, {}, owner=who().name, at=site().now())
    return redirect(url_for("keys.show"), 303)
