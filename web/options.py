"""The options that every command takes: --county, --database-url, --json, --lang."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from geodata.windows import parse_instant
from web.session import Session, now


def session_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the four options and hand the command a `Session` as its first argument."""

    @click.option(
        "--county",
        "county_dir",
        envvar="BAOTONG_COUNTY",
        type=click.Path(path_type=Path),
        help="County folder. / 县文件夹。",
    )
    @click.option("--database-url", envvar="BAOTONG_DATABASE_URL", default="", help="Database URL. / 数据库地址。")
    @click.option("--json", "as_json", is_flag=True, help="Answer one JSON object. / 以 JSON 回答。")
    @click.option("--lang", envvar="BAOTONG_LANG", type=click.Choice(["zh", "en"]), help="Language. / 语言。")
    @functools.wraps(command)
    def with_session(
        *args: Any, county_dir: Path | None, database_url: str, as_json: bool, lang: str | None, **rest: Any
    ) -> None:
        command(Session(county_dir, database_url, lang or "", as_json), *args, **rest)

    return with_session


def instant_option(name: str, *, default_now: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add an option that holds an instant with its offset; now where it is not given."""

    def read(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
        if value is None:
            return now() if default_now else None
        return parse_instant(value, where=name)

    return click.option(name, callback=read, metavar="TIME", help="ISO 8601 with offset. / 带时区的时间。")
