"""A county that issues by policy, large files of applications for it, and jobs that file them."""

from __future__ import annotations

from datetime import timedelta

from geodata.county_settings import SETTINGS_FILE
from geodata.store import transaction
from passes.editions.pass_register import list_passes
from passes.intake.batch import seal_file
from passes.intake.intake_register import list_intake
from passes.jobs_register import add_job
from tests.issuing_office import WHITELIST, put_on_whitelist
from tests.pass_applications import DRIVER_ID
from web.firm import batches
from web.session import Session
from web.site import open_site

HEAD = "车牌号,车辆关系,出发地,目的地,出发时间,提前报备时间,驾驶员姓名,驾驶员身份证号,驾驶员采样时间,驾驶员检测结果,驾驶员证明方式"


def issuing_site(site):
    """The same county, open again with a policy that issues what is clean, and its firms on the whitelist."""
    settings = site.county.folder / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("auto_issue = false", "auto_issue = true"), encoding="utf-8")
    with transaction(site.store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
    return open_site(Session(site.county.folder, "", "", as_json=False))


def large_file(site, count, faults=(), first=0):
    """A file of so many applications, no two the same; rows (from 0) in `faults` name a place that is unknown.

    Other files begin with another second, `first`.
    """
    zone = site.county.settings.timezone

    def clock(**since):
        return (site.now() + timedelta(**since)).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")

    sampled, report = clock(hours=-5), clock(hours=-9)
    lines = [HEAD]
    for number in range(count):
        goal = "月亮" if number in faults else "宏达面粉"
        depart = clock(minutes=60, seconds=first + number)
        cells = "豫R12345", "自有", "县医院", goal, depart, report, "王小明", DRIVER_ID, sampled, "阴性", "已看证明"
        lines.append(",".join(cells))
    return "\n".join(lines).encode()


def queue(site, data, batch_id="b1"):
    """Queue a file as the firm would, and return its job."""
    with transaction(site.store, writes=True) as connection:
        sealed = seal_file(data, site.encryption_key, batch_id=batch_id)
        parameters = {"batch_id": batch_id, "firm": "firm", "name": "day.csv", "sealed": sealed}
        return add_job(connection, batches.KIND, parameters, owner="e", at=site.now())


def issued(site):
    """The departures of the passes in the order of their numbers, and those of what was filed in its order."""
    with transaction(site.store, writes=False) as connection:
        passes = sorted(list_passes(connection, at=site.now()), key=lambda one: one.number)
        filed = [one for one in list_intake(connection) if one.pass_number]
        order = [one.depart_at for one in sorted(filed, key=lambda one: one.id)]
        return [one.number for one in passes], [one.depart_at for one in passes], order
