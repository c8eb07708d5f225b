"""Run the main job on the demo county, step by step: closures in, whitelist in, pass out, verdict, audit."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from geodata.county import County
from geodata.county_settings import SETTINGS_FILE, load_settings
from geodata.demo.applications import demo_applications
from geodata.demo.chance import Chance
from geodata.demo.county import APPLICATIONS_FOLDER, CLOSURES_FILE, WHITELIST_FILE, build_demo_county
from geodata.demo.roads import SEED
from geodata.errors import BadInputError, BaotongError
from geodata.geojson import write_whole
from web.demo_plants import plant_channel, plant_refusals
from web.demo_root import publish_demo_root
from web.issuing_office import open_office, read_application_file
from web.key_file import key_file_of
from web.live_engine import tell_where_kernels_are_kept
from web.pass_text import findings_text, pass_json
from web.session import Session
from web.verdict_text import reason_json

EXAMPLE: Final = "clean"


@dataclass
class Stopwatch:
    """Seconds that each step took, and what is told while it runs."""

    session: Session
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, *, zh: str, en: str) -> Iterator[None]:
        """Measure one step."""
        self.session.tell_progress(f"… {zh}", f"… {en}")
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def refuse_other_folder(folder: Path) -> None:
    """Refuse a folder that is there and is no demo county; it is left alone.

    Raises
    ------
    BadInputError
        `not-a-demo-county`.
    """
    if folder.exists() and not ((folder / SETTINGS_FILE).exists() and load_settings(folder).schematic):
        raise BadInputError("not-a-demo-county", str(folder))


def prepare_county(session: Session, folder: Path, *, at: datetime) -> County:
    """Build the demo county where there is none, and write its example applications for this moment.

    Raises
    ------
    BadInputError
        `not-a-demo-county`: the folder is something else and is left alone.
    """
    if not folder.exists():
        build_demo_county(folder, at=at)
    refuse_other_folder(folder)
    county = session.county
    for name, document in demo_applications(county.settings.policy, Chance(SEED), at=at).items():
        data = json.dumps(document, ensure_ascii=False, indent=1).encode()
        write_whole(folder / APPLICATIONS_FOLDER / f"{name}.json", data)
    return county


def import_registers(session: Session, county: County, *, at: datetime) -> dict[str, int]:
    """Import the demo's closures and whitelist; a second time changes nothing."""
    from geodata.closures.files import read_closures
    from geodata.closures.register import import_closures
    from passes.whitelist.file import read_whitelist
    from passes.whitelist.register import import_whitelist

    closures = read_closures(county.folder / CLOSURES_FILE, county.road_index, county.network, county.settings)
    firms = read_whitelist(county.folder / WHITELIST_FILE).entries
    with session.transaction(writes=True) as connection:
        import_closures(connection, closures, at)
        import_whitelist(connection, firms, at=at, where=WHITELIST_FILE)
    return {"closures": len(closures), "firms": len(firms)}


def open_demo_accounts(session: Session, county: County, *, checkpoint: str, at: datetime) -> list[dict[str, str]]:
    """Open an account for every role, with one new password for all of them that nobody has to change.

    Two roles have a second account: what one of them did, another person must check.
    """
    from passes.accounts.account_register import add_account, find_account, set_password
    from passes.accounts.passwords import hash_password, make_password

    password = make_password()
    hashed = hash_password(password)
    opened = []
    with session.transaction(writes=True) as connection:
        for name, role, unit in demo_accounts(county, checkpoint=checkpoint):
            if find_account(connection, name) is None:
                add_account(connection, name, role=role, unit=unit, password_hash=hashed, at=at)
            set_password(connection, name, hashed, must_change=False)
            opened.append({"name": name, "role": role, "unit": unit, "password": password})
    return opened


def demo_accounts(county: County, *, checkpoint: str) -> list[tuple[str, str, str]]:
    """Return name, role and unit of the demo's accounts; the guard stands at this checkpoint."""
    policy = county.settings.policy
    leads = policy.passes.lead or next(iter(policy.authorities))
    townships = sorted(area.name for area in county.areas if area.kind == "township")
    firm = json.loads((county.folder / APPLICATIONS_FOLDER / f"{EXAMPLE}.json").read_text(encoding="utf-8"))
    return [
        ("t", "T", ""),
        ("e", "E", firm["enterprise"]),
        ("c", "C", checkpoint),
        ("p", "P", ""),
        ("tw", "TW", townships[0]),
        ("hq", "HQ", leads),
        ("hq2", "HQ", leads),
        ("s", "S", ""),
        ("s2", "S", ""),
    ]


def file_applications(session: Session, county: County, *, at: datetime) -> int:
    """File the morning's applications into the queue of a demo that has none yet; return how many wait there."""
    from geodata.demo.filings import demo_filings
    from passes.intake.handling import Act, Answer, answer_application, file_application
    from passes.intake.intake_register import RETURNED, count_intake
    from passes.whitelist.register import find_firm

    answer = session.say(
        "检测已到期，请重新采样后再提交。", "The test has ended: please take a new one and send it again."
    )
    filings = demo_filings(county.settings.policy, Chance(SEED), at=at, answer=answer)
    with session.transaction(writes=True) as connection:
        if not sum(count_intake(connection).values()):
            office = open_office(session, connection)
            for one in filings:
                firm = find_firm(connection, one.firm)
                if firm is None:
                    raise BaotongError("bug", one.firm, reason="the demo's whitelist lacks a firm")
                filed = file_application(one.document, office, Act("e", at, key_file_of(session)), firm=firm).record
                if filed is not None and one.returned:
                    back = Answer(RETURNED, one.returned)
                    act = Act("t", at, key_file_of(session))
                    answer_application(connection, filed.id, act, answer=back, seen=filed.version)
        return count_intake(connection)["applied"]


def issue_example(session: Session, county: County, *, at: datetime) -> dict[str, Any]:
    """Issue the pass of the clean example; its route comes with it."""
    from passes.editions.issuing import issue_pass

    application = read_application_file(session, county.folder / APPLICATIONS_FOLDER / f"{EXAMPLE}.json")
    with session.transaction(writes=True) as connection:
        issued = issue_pass(application, open_office(session, connection), key_file=key_file_of(session), at=at)
    if issued.record is None:
        raise BaotongError("bug", EXAMPLE, reason=findings_text(session, issued.checked.findings))
    return pass_json(issued.record, at)


def link_example(session: Session, number: str, *, at: datetime) -> str:
    """Make the driver's link of the example and return its path."""
    from passes.messages.link_register import make_link

    with session.transaction(writes=True) as connection:
        return f"/d/{make_link(connection, number, by='demo', at=at)}"


def verify_example(session: Session, url: str, *, at: datetime) -> dict[str, Any]:
    """Verify the pass from its code, as a checkpoint does that holds the county's keys and status list."""
    from passes.editions.status_register import RegisterStatuses
    from passes.keyring.key_register import public_key_list
    from passes.verifying.trust import Trust
    from passes.verifying.verify import verify_pass
    from web.commands.verify import county_rules

    rules = county_rules(session)
    with session.transaction(writes=False) as connection:
        keys = public_key_list(connection, issuer=session.county.settings.area_code, at=at, rules=rules)
        verdict = verify_pass(url, Trust(keys, RegisterStatuses(connection, at)), at=at)
    plate = verdict.claims.plate if verdict.claims else ""
    reasons = [
        {
            "said": {lang: reason_json(one, rules, lang, verdict=verdict) for lang in ("zh", "en")},
            **reason_json(one, rules, session.lang, verdict=verdict),
        }
        for one in verdict.reasons
    ]
    return {"verdict": verdict.verdict, "reasons": reasons, "plate": plate}


def audit_demo(session: Session, county: County, *, at: datetime) -> dict[str, Any]:
    """Audit every closure of the demo."""
    from passes.audit.audit import finding_row, run_audit

    with session.transaction(writes=False) as connection:
        audit = run_audit(connection, county, at=at)
    return {"checked": audit.checked, "findings": [dict(finding_row(one)) for one in audit.findings]}


def run_thread(session: Session, folder: Path, *, at: datetime) -> dict[str, Any]:
    """Run every step and return the summary: county, plan, pass, verdict, audit and how long each took.

    Raises
    ------
    BaotongError
        What stops a step; a folder being built is then not left half done.
    """
    tell_where_kernels_are_kept(session)  # before anything of routing is imported
    watch = Stopwatch(session)
    with watch.step("county", zh="生成演示县路网和地点", en="building the demo county"):
        county = prepare_county(session, folder, at=at)
    with watch.step("registers", zh="导入道路关闭和白名单", en="importing closures and whitelist"):
        counts = import_registers(session, county, at=at)
    with watch.step("pass", zh="规划线路并核发通行证", en="planning the trip and issuing the pass"):
        issued = issue_example(session, county, at=at)
        link = link_example(session, issued["number"], at=at)
        # The guard's account is at the first checkpoint that the example's truck passes.
        post = issued["route"]["checkpoints"][0]["place"]
        accounts = open_demo_accounts(session, county, checkpoint=post, at=at)
        plant_refusals(session, county, checkpoint=post, at=at)
        plant_channel(session, at=at)
        publish_demo_root(session, folder, at=at)
    with watch.step("applications", zh="提交待核发的申请", en="filing the morning's applications"):
        counts["applications"] = file_applications(session, county, at=at)
    with watch.step("verdict", zh="核验通行证", en="verifying the pass"):
        verdict = verify_example(session, issued["url"], at=at)
    with watch.step("audit", zh="核查道路关闭", en="auditing the closures"):
        audit = audit_demo(session, county, at=at)
    network = county.network
    about = {
        "folder": str(folder),
        "name": county.settings.name,
        "junctions": network.junction_count,
        "roads": network.road_count,
        "places": len(county.places.by_id),
        "network_digest": network.digest,
        **counts,
    }
    timings = {**watch.seconds, "total": round(sum(watch.seconds.values()), 3)}
    return {
        "ok": True,
        "county": about,
        "plan": issued["route"],
        "pass": issued,
        **verdict,
        "audit": audit,
        "accounts": accounts,
        "driver_link": link,
        "timings_s": timings,
    }
