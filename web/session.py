"""One command's surroundings: where the county and the database are, the language, and the clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geodata.county import County, open_county
from geodata.county_settings import SETTINGS_FILE

if TYPE_CHECKING:
    import sqlalchemy as sa


def now() -> datetime:
    """Read the clock: the only place of a command that does."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Session:
    """What every command is given.

    Attributes
    ----------
    county_dir
        From --county, else BAOTONG_COUNTY; None: the current folder if it is one.
    named_database_url
        From --database-url, else BAOTONG_DATABASE_URL; "": what county.toml says, else DIR/baotong.sqlite.
    named_lang
        From --lang, else BAOTONG_LANG; "": what county.toml says, else zh.
    as_json
        Exactly one JSON object on stdout.
    """

    county_dir: Path | None
    named_database_url: str
    named_lang: str
    as_json: bool

    @cached_property
    def county(self) -> County:
        """The county of the command."""
        if self.county_dir is not None:
            return open_county(self.county_dir)
        if Path(SETTINGS_FILE).exists():
            return open_county(Path())
        raise click.UsageError("county-not-named")

    @cached_property
    def lang(self) -> str:
        """The language of sentences, "zh" or "en"."""
        if self.named_lang:
            return self.named_lang
        known = self.county_dir is not None and (self.county_dir / SETTINGS_FILE).exists()
        return self.county.settings.lang if known else "zh"

    @property
    def database_url(self) -> str:
        """The database of the command."""
        return self.named_database_url or self.county.database_url

    @cached_property
    def store(self) -> sa.Engine:
        """The database, ready for use: an embedded one is made or brought up to date first."""
        from geodata.store import open_store
        from passes.database import ready_database

        engine = open_store(self.database_url)
        ready_database(engine, at=now())
        self._follow_register(engine)
        return engine

    def _follow_register(self, engine: sa.Engine) -> None:
        """Complete an update of the map that was decided in the register and then cut short."""
        from geodata.map_edition_register import register_edition
        from geodata.store import transaction

        folder = self.county_dir or Path()
        if not (folder / SETTINGS_FILE).exists():
            return
        with transaction(engine, writes=False) as connection:
            named = register_edition(connection)
        if not named:
            return
        from geodata.editions import follow_register

        if follow_register(folder, named):
            self.__dict__.pop("county", None)
            self.tell_progress(
                f"上次更换路网中途停止，已补完（版本 {named}）",
                f"An update of the map had been cut short and was completed (edition {named})",
            )

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[sa.Connection]:
        """Open the one transaction of this command."""
        from geodata.store import transaction

        with transaction(self.store, writes=writes) as connection:
            yield connection

    def say(self, zh: str, en: str) -> str:
        """Return the sentence in the command's language."""
        return zh if self.lang == "zh" else en

    def tell_progress(self, zh: str, en: str) -> None:
        """Write a line of progress to stderr."""
        sys.stderr.write(self.say(zh, en) + os.linesep)
        sys.stderr.flush()
