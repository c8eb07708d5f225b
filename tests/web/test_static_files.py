"""The package's own files come compressed where the browser takes that, and are kept where their name has a hash."""

from __future__ import annotations

import gzip

import pytest

from web import static_files

HASHED = "built/map-ABCD1234.js"
TEXT = b"export const map = 1;\n" * 50


@pytest.fixture
def client(client_of, tmp_path, monkeypatch):
    """A client of a site whose built files are in a folder of the test's own."""
    (tmp_path / "built").mkdir()
    (tmp_path / HASHED).write_bytes(TEXT)
    (tmp_path / f"{HASHED}.gz").write_bytes(gzip.compress(TEXT))
    (tmp_path / f"{HASHED}.br").write_bytes(b"brotli")
    (tmp_path / "own.css").write_text("p { margin: 0 }", encoding="utf-8")
    (tmp_path / "own.css.gz").write_bytes(b"not of the build")
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    return client_of("")


def get(client, name, **headers):
    """Return an answer with its content read, and its file closed."""
    answer = client.get(f"/static/{name}", headers={key.replace("_", "-"): value for key, value in headers.items()})
    answer.get_data()
    answer.close()
    return answer


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("", None), ("zstd", None)],
)
def test_the_best_encoding_that_the_browser_takes(client, accepts, encoding):
    answer = get(client, HASHED, Accept_Encoding=accepts)
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_name_with_a_hash_is_kept_for_a_year_and_another_is_asked_for_each_time(client):
    assert "immutable" in get(client, HASHED).headers["Cache-Control"]
    answer = get(client, "own.css", Accept_Encoding="gzip")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.get_data(as_text=True) == "p { margin: 0 }"


@pytest.mark.parametrize("name", ["none.js", "../app.py", "built/none-ABCD1234.js", "%2e%2e/app.py"])
def test_nothing_else_is_served(client, name):
    assert get(client, name).status_code == 404


def test_content_that_is_known_is_not_sent_again(client):
    tag = get(client, HASHED).headers["ETag"]
    assert get(client, HASHED, If_None_Match=tag).status_code == 304
