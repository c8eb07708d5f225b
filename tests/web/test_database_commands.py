"""`baotong database` answers as its schemas say, in both languages, with the contract's exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa

from geodata.store import CLOSURE_SET_VERSION, raise_counter, transaction
from passes.migrations import VERSION_TABLE
from web import cli, messages
from web.answer import ExitCode

SCHEMAS = Path(__file__).parents[1] / "schemas"
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `baotong database ... --json` on a store and returns exit code and answer."""

    def run_on(store: sa.Engine, command: str, *arguments: object) -> tuple[int, dict[str, Any]]:
        url = store.url.render_as_string(hide_password=False)
        store.dispose()
        code = cli.run(["database", command, *map(str, arguments), "--database-url", url, "--json"])
        said = json.loads(capsys.readouterr().out)
        schema = SCHEMAS / (f"database-{command}.json" if code == 0 else "failure.json")
        jsonschema.validate(said, json.loads(schema.read_text(encoding="utf-8")))
        return code, said

    return run_on


def _count_closures(store: sa.Engine) -> None:
    with transaction(store, writes=True) as connection:
        raise_counter(connection, CLOSURE_SET_VERSION)


def test_upgrade_builds_an_empty_database_and_then_finds_nothing_to_do(empty_store: sa.Engine, run: Run) -> None:
    code, first = run(empty_store, "upgrade")
    assert (code, first["before"]) == (ExitCode.DONE, "")
    assert run(empty_store, "upgrade") == (ExitCode.DONE, {**first, "before": first["after"]})


def test_backup_and_restore_go_round(store: sa.Engine, run: Run, tmp_path: Path) -> None:
    _count_closures(store)
    code, made = run(store, "backup", tmp_path / "county.backup")
    assert (code, made["rows"]["counters"]) == (ExitCode.DONE, 1)
    code, restored = run(store, "restore", tmp_path / "county.backup", "--replace")
    assert (code, restored["rows"]) == (ExitCode.DONE, made["rows"])
    assert Path(restored["aside"]).exists()


def test_restore_into_a_full_database_is_refused_with_the_remedy(store: sa.Engine, run: Run, tmp_path: Path) -> None:
    _count_closures(store)
    run(store, "backup", tmp_path / "county.backup")
    code, said = run(store, "restore", tmp_path / "county.backup")
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "database-not-empty")
    assert "--replace" in said["error"]["remedy"]


def test_newer_database_is_exit_5(store: sa.Engine, run: Run) -> None:
    with transaction(store, writes=True) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9000'")
    code, said = run(store, "upgrade")
    assert (code, said["error"]["code"]) == (ExitCode.SURROUNDINGS, "database-newer")


def test_unreachable_database_is_exit_5(open_test_store: Callable[[str], sa.Engine], run: Run) -> None:
    code, said = run(open_test_store("postgresql://u@127.0.0.1:1/d"), "upgrade")
    assert (code, said["error"]["code"]) == (ExitCode.SURROUNDINGS, "database-unreachable")


@pytest.mark.parametrize(("lang", "words"), [("zh", "已备份 1 条记录"), ("en", "1 records backed up")])
def test_backup_says_what_it_did(
    store: sa.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    _count_closures(store)
    url = store.url.render_as_string(hide_password=False)
    cli.run(["database", "backup", str(tmp_path / "b"), "--database-url", url, "--lang", lang])
    assert words in capsys.readouterr().out


def test_every_error_of_the_database_has_a_sentence_and_a_remedy() -> None:
    root = Path(cli.__file__).parents[1]
    texts = [
        (root / name).read_text(encoding="utf-8")
        for name in ("geodata/store.py", "passes/database.py", "passes/backups.py", "passes/backup_format.py")
    ]
    raised = {code for text in texts for code in re.findall(r'"((?:database|backup)-[a-z-]+)"', text)}
    known, _ = messages.known_codes()
    assert raised <= known
    assert all(messages.error_wording(code).remedy_zh and messages.error_wording(code).remedy_en for code in raised)
