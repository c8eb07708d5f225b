"""`baotong serve`: the pages of a county for its users, over HTTPS where a certificate is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from web.options import session_options
from web.session import Session

_FILE = click.Path(path_type=Path, exists=False, dir_okay=False)


@click.command("serve", help="Serve the pages of a county. / 启动网页服务。")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option("--threads", type=click.IntRange(2, 64), default=8, show_default=True, help="Threads. / 线程数。")
@click.option("--processes", type=click.IntRange(1, 32), default=1, show_default=True, help="Processes. / 进程数。")
@click.option("--tls-certificate", "certificate", type=_FILE, help="PEM file of the certificate chain. / 证书文件。")
@click.option("--tls-key", "key", type=_FILE, help="PEM file of its private key. / 证书私钥文件。")
@click.option("--behind-tls", is_flag=True, help="A reverse proxy speaks HTTPS for it. / 由反向代理提供 HTTPS。")
@session_options
def serve(session: Session, **options: Any) -> None:
    """Check everything that can be checked, then serve until the process is told to stop."""
    from web.serving import Server, check_server, serve_pages

    server = Server(**options)  # the options' names are its fields
    check_server(server, session)
    session.tell_progress(
        f"{session.county.settings.name}：{server.address}（Ctrl+C 结束）",
        f"{session.county.settings.name}: {server.address} (Ctrl+C ends)",
    )
    serve_pages(session, server)
