"""`baotong work`: do the long work that waits, beside or instead of the worker in `baotong serve`."""

from __future__ import annotations

import threading

import click

from web.options import session_options
from web.session import Session


@click.command("work", help="Do the long work that waits. / 处理后台工作。")
@click.option("--once", is_flag=True, help="End when nothing waits any more. / 做完即结束。")
@session_options
def work(session: Session, *, once: bool) -> None:
    """Take jobs one after the other until the process is told to stop, or until none waits."""
    from geodata.store import transaction
    from web.answer import answer
    from web.foreign_lists import fetch_foreign_lists
    from web.jobs.clock import write_on
    from web.jobs.keeping import delete_daily
    from web.jobs.reissue_clock import keep_reissues
    from web.jobs.worker import start_worker, work_waiting
    from web.live_site import LiveSite
    from web.outlet.post import post_waiting, start_post
    from web.site import open_site

    site = open_site(session)
    if not once:
        session.tell_progress("等待后台工作（Ctrl+C 结束）", "Waiting for work (Ctrl+C ends)")
        start_post(site)
        start_worker(LiveSite(site))
        threading.Event().wait()
    fetch_foreign_lists(lambda writes: transaction(site.store, writes=writes), site.now)
    write_on(site, slack_min=0)
    keep_reissues(site)
    delete_daily(site)
    done = work_waiting(site)
    sent = post_waiting(site)
    text = session.say(f"已处理 {len(done)} 项，已发短信 {sent} 条", f"{len(done)} jobs done, {sent} messages sent")
    answer(session, {"ok": True, "jobs": [job.id for job in done], "messages_sent": sent}, text)
