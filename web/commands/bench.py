"""`baotong bench`: how fast routes, closures, what-ifs and matrices are, beside other routers on the same roads.

The routers compared with are no part of the program: they are files in a folder (`--peers-from`, in a checkout
`tests/benchmarks/peers`), whose packages `uv run --group bench baotong bench` installs. Without them only our own
engine is measured. Every answer of every router is judged by a search of the bench's own; figures judge nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from web.answer import answer
from web.live_engine import tell_where_kernels_are_kept
from web.options import session_options
from web.session import Session

if TYPE_CHECKING:
    from web.bench.comparison import Roads

#: Junctions of the demo county.
_DEMO_JUNCTIONS = 20_000


def _roads(session: Session, junctions: int | None) -> Roads:
    """Return the county's roads if one was named and no size, else a schematic network of this size."""
    from geodata.demo.roads import demo_network
    from web.bench.comparison import Roads

    if junctions is None and session.county_dir is not None:
        settings = session.county.settings
        return Roads(session.county.network, settings.vehicles["car"], dict(settings.speeds_kmh))
    network = demo_network(scale=(junctions or _DEMO_JUNCTIONS) / _DEMO_JUNCTIONS)
    return Roads(network, DEFAULT_VEHICLES["car"], dict(DEFAULT_SPEEDS_KMH))


@click.command(help="Measure routes and closures beside other routers. / 路线和道路关闭的测速对比。")
@click.option("--junctions", type=click.IntRange(500, 2_000_000), help="Size of a schematic network. / 示意路网规模。")
@click.option("--queries", type=click.IntRange(1), default=200, show_default=True, help="Questions. / 提问数。")
@click.option("--repeats", type=click.IntRange(3), default=20, show_default=True, help="Runs. / 轮数。")
@click.option(
    "--budget", "budget_s", type=click.FloatRange(0.01), default=10.0, show_default=True, help="Seconds. / 每项限时。"
)
@click.option("--peers", metavar="A,B", help="Only these; '' for none. / 只比这些。")
@click.option("--peers-from", type=click.Path(path_type=Path), metavar="DIR", help="Their folder. / 对比程序文件夹。")
@session_options
def bench(
    session: Session,
    *,
    junctions: int | None,
    peers: str | None,
    peers_from: Path | None,
    **measured: Any,
) -> None:
    """Measure our engine and its peers, on a county's roads (--county) or on a schematic network."""
    source = click.get_current_context().get_parameter_source("county_dir")
    if junctions is not None and source is ParameterSource.COMMANDLINE:
        raise click.UsageError("--junctions is for a schematic network: not with --county")
    tell_where_kernels_are_kept(session)
    from web.bench.comparison import Plan, compare
    from web.bench.peers import FOLDER, load_peers
    from web.bench.table import progress_text, table_text

    names = None if peers is None else tuple(filter(None, map(str.strip, peers.split(","))))
    known = load_peers(peers_from or FOLDER, names)

    def tell(step: str) -> None:
        session.tell_progress(progress_text(step, "zh"), progress_text(step, "en"))

    payload = compare(_roads(session, junctions), known, Plan(**measured), progress=tell)
    answer(session, payload, table_text(payload, session.lang))
