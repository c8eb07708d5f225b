"""How fast a file of applications becomes passes on the demo county, end to end: read, checked, planned, signed, kept.

Bar: 10,000 rows in 10 s, issued by policy. Trips go from every entry point to every firm and back, at their own minutes.
Figures are processor time of one core, but for the last line, which is the clock on the wall.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter, process_time

import pytest

from geodata.store import transaction
from passes.editions import bulk_editions, pass_edition
from passes.intake import bulk_intake
from passes.intake.batch import seal_file
from passes.jobs_register import add_job, list_jobs
from passes.whitelist.register import find_firm
from tests.browser_fixtures import ServedSite
from web.firm import batches
from web.jobs.worker import work_one
from web.session import Session
from web.site import open_site

ROWS = int(os.environ.get("BAOTONG_BENCH_ROWS", "2000"))
#: Before the measured file, so that kernels are loaded and the routes of a county in use are known.
WARM_ROWS = int(os.environ.get("BAOTONG_BENCH_WARM_ROWS", "200"))
PARTS = {
    "read the file": (batches, "read_application_rows"),
    "check and plan": (bulk_intake, "check_applications"),
    "file": (bulk_intake, "_file_checked"),
    "make editions": (pass_edition, "unsigned_editions"),
    "sign": (bulk_editions, "_signed_each"),
    "keep": (bulk_editions, "add_passes"),
    "a part, all in all": (batches, "file_part"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A demo county of its own that issues by policy."""
    folder = tmp_path_factory.mktemp("batch") / "demo"
    key_file = folder.parent / "key"
    os.environ["BAOTONG_KEY_FILE"] = str(key_file)
    assert ServedSite("", folder, key_file).run("demo", "--once", "--dir", str(folder)).returncode == 0
    settings = folder / "county.toml"
    text = settings.read_text(encoding="utf-8").replace("auto_issue = false", "auto_issue = true")
    settings.write_text(text, encoding="utf-8")
    opened = open_site(Session(folder, "", "", as_json=False))
    yield opened
    opened.store.dispose()


def file_of(site, count, seed):
    """A file of so many applications, no two the same, and its firm's name."""
    chance, at = random.Random(seed), site.now()
    clean = json.loads((site.county.folder / "applications" / "clean.json").read_text(encoding="utf-8"))
    places = site.county.places.by_id.values()
    owners = {one.owner for one in places if one.kind == "receiving_point"}
    firms = [one.id for one in places if one.kind == "enterprise" and one.id in owners]
    entries = [one.id for one in places if one.kind == "entry_point"]
    driver, origin = clean["crew"][0], clean["origin"]
    text = io.StringIO()
    writer = csv.writer(text)
    head = [
        "plate",
        "link",
        "gross_weight_t",
        "goods",
        "origin",
        "entry_point",
        "destination",
        "depart_at",
        "round_trip",
    ]
    head += [
        "prereported_at",
        *(f"driver_{key}" for key in ("name", "id_number", "phone", "sampled_at", "result", "proof")),
    ]
    writer.writerow(head)
    for number in range(count):
        depart_at = at + timedelta(minutes=60 + chance.randrange(300))
        trip = [
            clean["vehicle"]["plate"],
            clean["vehicle"]["link"],
            18,
            clean["goods"] if isinstance(clean["goods"], str) else clean["goods"]["kind"],
        ]
        trip += [f"{origin['area_code']} {origin['name']}", chance.choice(entries), chance.choice(firms)]
        trip += [depart_at.isoformat(timespec="minutes"), "yes", clean["prereported_at"]]
        person = [driver["name"], driver["id_number"], f"{13_000_000_000 + seed * 100_000 + number}"]
        writer.writerow([*trip, *person, driver["sampled_at"], driver["result"], driver["proof"]])
    return text.getvalue().encode(), clean["enterprise"]


@contextmanager
def timed(spent):
    """Add up the processor time of each part of the work."""
    kept = [(module, name, getattr(module, name)) for module, name in PARTS.values()]

    def timing(what, function):
        def run(*args, **options):
            begin = process_time()
            try:
                return function(*args, **options)
            finally:
                spent[what] += process_time() - begin

        return run

    for what, (module, name) in PARTS.items():
        setattr(module, name, timing(what, getattr(module, name)))
    try:
        yield
    finally:
        for module, name, function in kept:
            setattr(module, name, function)


def file_it(site, count, seed):
    """Send a file and do its job; return what came of it."""
    data, enterprise = file_of(site, count, seed)
    with transaction(site.store, writes=True) as connection:
        firm = find_firm(connection, enterprise)
        sealed = seal_file(data, site.encryption_key, batch_id=f"b{seed}")
        parameters = {"batch_id": f"b{seed}", "firm": firm.id, "name": "day.csv", "sealed": sealed}
        add_job(connection, batches.KIND, parameters, owner="e", at=site.now())
    work_one(site, "bench")
    with transaction(site.store, writes=False) as connection:
        return list_jobs(connection, owner="e")[0].result


@pytest.mark.benchmark
def test_a_file_of_applications(site):
    print("\nwarming:", {key: value for key, value in file_it(site, WARM_ROWS, 1).items() if key != "faults"})
    spent, begin, clock = Counter(), process_time(), perf_counter()
    with timed(spent):
        done = file_it(site, ROWS, 2)
    whole, wall = process_time() - begin, perf_counter() - clock
    print({key: value for key, value in done.items() if key != "faults"}, done["faults"][:2])
    for what, seconds in spent.items():
        print(f"{what}: {1000 * seconds / ROWS:.3f} ms a row")
    print(f"whole: {1000 * whole / ROWS:.3f} ms a row, {ROWS / whole:,.0f} passes a second; by the clock {wall:.1f} s")
    assert done["issued"] == ROWS
