"""`baotong demo`: build the demo county, run the main job on it, and show the result on a page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from web.answer import answer, write_json
from web.messages import finding_wording
from web.options import session_options
from web.session import Session, now
from web.wording.verdicts import WORDS_EN


def _thread_text(session: Session, thread: dict[str, Any]) -> str:
    plan, issued, audit = thread["plan"], thread["pass"], thread["audit"]
    words = session.county.settings.policy
    own = dict(zip(("green", "amber", "red"), words.verdict.words, strict=True))
    word = (own if session.lang == "zh" else WORDS_EN)[thread["verdict"]]
    lines = [
        session.say("县：", "County: ") + f"{thread['county']['name']} ({thread['county']['folder']})",
        session.say("线路：", "Route: ") + " → ".join(stop["name"] for stop in plan["stops"]),
        session.say("里程：", "Length: ") + f"{plan['distance_m'] / 1000:.1f} km, {plan['duration_s'] / 60:.0f} min",
        session.say("通行证：", "Pass: ") + f"{issued['number']} {thread['plate']} → {issued['expires_at']}",
        session.say("核验：", "Verdict: ") + word,
        session.say("道路关闭核查：", "Closures: ")
        + session.say(
            f"{audit['checked']} 条，问题 {len(audit['findings'])} 个",
            f"{audit['checked']} checked, {len(audit['findings'])} findings",
        ),
    ]
    lines.append(
        session.say("演示账号（密码相同）：", "Demo accounts (one password): ") + thread["accounts"][0]["password"]
    )
    lines.append(session.say("司机链接：", "Driver's link: ") + thread["driver_link"])
    lines.extend(f"  {one['name']:4} {one['role']:3} {one['unit']}" for one in thread["accounts"])
    for row in audit["findings"]:
        text = finding_wording(row["check"]).text(
            session.lang, {**words.words, **row["facts"], "closure": row["closure"]}
        )
        lines.append(f"  {row['check']} {row['closure'] or ''} {text}")
    return "\n".join(lines)


@click.command("demo", help="Build the demo county and run the main job on it. / 生成演示县并走一遍主流程。")
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("demo"), show_default=True)
@click.option("--reset", is_flag=True, help="Build the demo anew. / 重新生成。")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option("--once", is_flag=True, help="Print the result and end. / 打印结果后结束。")
@session_options
def demo(session: Session, *, folder: Path, reset: bool, host: str, port: int, once: bool) -> None:
    """Run the demo; without --once its page is served until the process is stopped."""
    from web.demo_thread import refuse_other_folder, run_thread
    from web.serving import Server, check_port, serve_pages
    from web.thread_page import write_thread

    if not once:
        check_port(host, port)
    refuse_other_folder(folder)
    if reset and folder.exists():
        shutil.rmtree(folder)
    here = Session(folder, session.named_database_url, session.named_lang, session.as_json)
    thread = run_thread(here, folder, at=now())
    write_thread(here.county, thread)
    text = _thread_text(here, thread)
    if once:
        answer(here, thread, text)
    if here.as_json:
        write_json(thread)
    else:
        click.echo(text)
    server = Server(host, port)
    here.tell_progress(f"演示页面：{server.address}（Ctrl+C 结束）", f"Demo page: {server.address} (Ctrl+C ends)")
    serve_pages(here, server)
