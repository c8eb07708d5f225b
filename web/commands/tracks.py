"""`baotong tracks import`: take positions of trucks in; what they show of closures and blocked roads is kept."""

from __future__ import annotations

from pathlib import Path

import click

from web.answer import answer
from web.options import session_options
from web.session import Session, now
from web.text_lines import read_lines


@click.command("import", help="Import tracks, one JSON object a line. / 导入行车轨迹。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--crs", type=click.Choice(["wgs84", "cgcs2000", "gcj02", "bd09"]), default="wgs84", show_default=True)
@session_options
def import_tracks(session: Session, *, file: Path, crs: str) -> None:
    """Import a file of tracks, all lines or none; the same file again changes nothing."""
    from web.live_engine import tell_where_kernels_are_kept

    tell_where_kernels_are_kept(session)
    from passes.tracks.track_file import read_tracks
    from passes.tracks.track_intake import TrackDesk
    from routing.engine import Engine
    from web.kept_hierarchy import ready_hierarchy

    county = session.county
    tracks = read_tracks(read_lines(file), where=file.name, exempt=county.settings.policy.exempt_vehicles, crs=crs)
    ready_hierarchy(county, session)
    engine = Engine(county.network, speeds_kmh=county.settings.speeds_kmh)
    with session.transaction(writes=True) as connection:
        done = TrackDesk(connection, county, engine, now()).take(tracks)
    counts = {name: getattr(done, name) for name in ("taken", "known", "passages", "turns", "observations")}
    text = session.say(
        f"轨迹：新收 {done.taken} 条，已有 {done.known} 条；"
        f"穿过关闭或阻断路段 {done.passages} 次，折返 {done.turns} 次",
        f"Tracks: {done.taken} new, {done.known} known; {done.passages} through closures or blockages, "
        f"{done.turns} turned back",
    )
    answer(session, {"ok": True, **counts, "errors": []}, text)
