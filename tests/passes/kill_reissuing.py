"""Re-issue what closures hit in a process that is killed, and let another one go on: before and after every commit.

The county is opened once; each process is a fork of this one with a database of its own, as it was before anything was
re-issued. It kills itself as the kernel would, by SIGKILL.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from geodata.county import County, open_county
from geodata.store import open_store
from tests.reissue_cases import Desk, two_closures

#: Passes planned, and switched, in one transaction: all at once on PostgreSQL, where every copy takes its time.
AT_ONCE = {"sqlite": 3, "postgresql": 10}


def re_issue(store: sa.Engine, county: County, key_file: Path) -> None:
    """Do what is left to do, as the server does: every step is a transaction of its own."""
    desk = Desk(store, county, key_file)
    two_closures(desk)
    most = AT_ONCE[store.dialect.name]
    desk.look()
    while desk.prepare(most=most):
        pass
    while desk.switch(most=most):
        pass
    desk.end_old_codes()


def killing(store: sa.Engine, point: int) -> None:
    """Have this process killed where a transaction begins (what is before it is committed) or is about to commit."""
    numbers = count()

    def kill(_: sa.Connection) -> None:
        if next(numbers) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("begin", "commit"):
        sa.event.listen(store, moment, kill)


def copy_of(url: sa.URL, name: str) -> str:
    """Make a copy of a database that nobody is connected to, and return its URL."""
    if url.get_backend_name() == "sqlite":
        before = Path(str(url.database))
        return f"sqlite:///{shutil.copyfile(before, before.with_name(f'{name}.sqlite'))}"
    admin = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    copy = f"{url.database}_{name}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {copy} TEMPLATE {url.database}")
    admin.dispose()
    return url.set(database=copy).render_as_string(hide_password=False)


def killed_by(county: County, database: str, key_file: Path, point: int | None) -> int:
    """Re-issue in a process of its own, killed at a point or not at all; return the signal that ended it, 0 for none."""
    process = os.fork()
    if process == 0:
        store = open_store(database)
        if point is not None:
            killing(store, point)
        re_issue(store, county, key_file)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(process, 0)[1])


def warm_up(county: County, before: sa.URL, key_file: Path) -> None:
    """Have everything loaded that the processes need, and the county's roads made ready: they begin with that."""
    store = open_store(copy_of(before, "warm"))
    re_issue(store, county, key_file)
    store.dispose()


def main(folder: str, database: str, key_file: str, every: str) -> None:
    """Kill one process after the other, each some points on, until one comes to its end; others finish their work."""
    county, before, key = open_county(Path(folder)), sa.make_url(database), Path(key_file)
    warm_up(county, before, key)
    for point in count(int(every) - 1, int(every)):
        copy = copy_of(before, f"killed_{point}")
        if killed_by(county, copy, key, point) == 0:
            break
        if killed_by(county, copy, key, None) != 0:
            sys.exit(f"the process that went on after point {point} failed")
        sys.stdout.write(f"{copy}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
