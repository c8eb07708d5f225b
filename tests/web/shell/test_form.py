"""Every form of every page takes whatever is sent in it: it says what is wrong, in both languages, and keeps what was typed."""

from __future__ import annotations

from inspect import signature

import pytest
from wtforms import FileField, StringField

from web.shell.form import PageForm
from web.shell.form_errors import leaves

NONSENSE = ("", "\x00\U0001f600<b>%s {0} %", "-1e400", "9" * 5_000)


def all_forms(kind=PageForm):
    """Return every form that is made from nothing; one that is made for a closure has tests of its own."""
    found = [one for one in kind.__subclasses__() if one.__module__.startswith("web.")]
    further = [below for one in found for below in all_forms(one)]
    return [one for one in (*found, *further) if "closure" not in signature(one.__init__).parameters]


def sent(app, kind, lang, text):
    """Return a form with one text in all its fields, after it was checked."""
    with app.test_request_context(f"/?lang={lang}"):
        app.preprocess_request()
        names = [one.name for one in leaves(kind()) if not isinstance(one, FileField)]
    sent = {"method": "POST", "data": dict.fromkeys(names, text), "content_type": "multipart/form-data"}
    with app.test_request_context(f"/?lang={lang}", **sent):
        app.preprocess_request()
        form = kind()
        form.is_sent_right()
        for field in leaves(form):
            assert all(str(error).strip() for error in field.errors)
            # Drawn before the test leaves the request: words are in its language.
            assert str(field()), field.name
        return form


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_form_falls_over_what_is_sent_in_it(small_app, lang):
    small_app.config["WTF_CSRF_ENABLED"] = False
    forms = all_forms()
    assert len(forms) > 20
    for kind in forms:
        for text in NONSENSE:
            form = sent(small_app, kind, lang, text)
            kept = [one.data for one in leaves(form) if type(one) is StringField]
            assert all(one in {text, None} for one in kept)
