"""Compiled templates are kept in the user's cache folder and used again; what is broken there is compiled once more."""

from __future__ import annotations

import platformdirs
import pytest
from flask import Flask
from jinja2 import DictLoader, Environment

from web.kept_templates import keep_templates

TEXT = {"page.html": "{{ 1 + 1 }} roads", "other.html": "closed"}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))


def new_app(texts=TEXT):
    app = Flask("pages")
    app.jinja_loader = DictLoader(texts)
    return app, keep_templates(app)


def shown(app, name="page.html"):
    return app.jinja_env.get_template(name).render()


def test_the_second_application_compiles_nothing(monkeypatch):
    first, folder = new_app()
    assert shown(first) == "2 roads"
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("compiled again"))
    assert shown(new_app()[0]) == "2 roads"


def test_a_changed_template_is_compiled_anew():
    shown(new_app()[0])
    assert shown(new_app({"page.html": "no road"})[0]) == "no road"


@pytest.mark.parametrize("left", [0, 20, 60, 200])
def test_a_file_cut_short_is_compiled_once_more(left):
    first, folder = new_app()
    shown(first)
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:left])
    assert shown(new_app()[0]) == "2 roads"
    assert kept.stat().st_size > left


def test_without_a_writable_place_pages_are_shown_all_the_same(tmp_path):
    (tmp_path / "cache").write_text("not a folder")
    app, folder = new_app()
    assert folder is None
    assert shown(app) == "2 roads"


def test_a_folder_that_is_gone_meanwhile_costs_no_page():
    app, folder = new_app()
    folder.rename(folder.with_name("gone"))
    assert shown(app) == "2 roads"
