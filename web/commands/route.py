"""`baotong route`: the least-time route past every closure in force, one question or a file of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from web.answer import ExitCode, answer, write_json
from web.options import instant_option, session_options
from web.session import Session
from web.text_lines import read_lines

if TYPE_CHECKING:
    from routing.engine import Engine
    from routing.route import NoRoute
    from routing.via_route import ViaAsk
    from web.live_engine import LiveEngine

FORMATS: Final = ("json", "geojson", "gpx", "kml")
_FILE = click.Path(path_type=Path)


@dataclass(frozen=True)
class RouteOptions:
    """What the options say."""

    origin: str | None
    destination: str | None
    via: tuple[str, ...]
    depart_at: datetime
    vehicle: str
    holder: str
    turns: str | None
    closures: Path | None
    alternatives: int | None
    document: str | None

    @property
    def ends(self) -> tuple[tuple[str, str], ...]:
        """Origin, via points and destination, each with its option."""
        via = tuple(("--via", one) for one in self.via)
        return (("--from", self.origin or ""), *via, ("--to", self.destination or ""))

    @property
    def title(self) -> str:
        """The route's name: its ends."""
        return " → ".join(text for _, text in self.ends)


@click.command(help="Route past every closure in force. / 避开道路关闭的路线。")
@click.option("--from", "origin", metavar="P", help='"lon,lat", place id or name. / 出发地。')
@click.option("--to", "destination", metavar="P", help='"lon,lat", place id or name. / 目的地。')
@click.option("--via", multiple=True, metavar="P", help="In this order; may be given again. / 途经点。")
@instant_option("--depart")
@click.option("--vehicle", default="car", metavar="car|truck|FILE", help="Vehicle. / 车辆。")
@click.option("--closures", type=_FILE, metavar="FILE", help="What if these were closed too. / 推演用的关闭文件。")
@click.option("--holder", type=click.Choice(["public", "pass"]), default="public", help="Pass holder? / 是否持证。")
@click.option("--turns", type=click.Choice(["ignored", "kept"]), help="Restrictions; as county.toml says. / 转向限制。")
@click.option("--alternatives", type=click.IntRange(1, 10), metavar="N", help="Routes that differ. / 备选路线数。")
@click.option("--format", "document", type=click.Choice(FORMATS), help="Form of the answer. / 输出格式。")
@click.option("--batch", type=_FILE, metavar="Q.jsonl", help="A question a line. / 批量提问文件。")
@click.option("--out", type=_FILE, metavar="R.jsonl", help="Answers to --batch. / 批量结果文件。")
@session_options
def route(session: Session, *, batch: Path | None, out: Path | None, depart: datetime, **given: Any) -> None:
    """Answer one question (exit code 4 where there is no route), or a file of them (exit code 0)."""
    options = RouteOptions(depart_at=depart, **given)
    _check_usage(options, batch, out)
    if batch is not None and out is not None:
        _answer_file(session, options, batch, out)
    _answer_one(session, options)


def _check_usage(options: RouteOptions, batch: Path | None, out: Path | None) -> None:
    single = options.origin or options.destination or options.via or options.alternatives or options.document
    if (batch is None) != (out is None):
        raise click.UsageError("--batch and --out go together")
    if batch is not None and out is not None and batch.resolve() == out.resolve():
        raise click.UsageError("--out is the file of questions; choose another")
    if batch is not None and single:
        raise click.UsageError("--batch takes its questions from the file: no --from, --to, --via, --format here")
    if batch is None and not (options.origin and options.destination):
        raise click.UsageError("--from and --to are needed, or --batch and --out")
    if options.via and options.alternatives:
        raise click.UsageError("--alternatives is for a route without --via")


def _departure(session: Session, options: RouteOptions) -> datetime:
    """Return the departure on the county's clock, which hours of turn restrictions are read on."""
    return options.depart_at.astimezone(session.county.settings.timezone)


def _turns(session: Session, options: RouteOptions) -> str:
    """Return what is asked of turns, and get the search ready that keeps them."""
    from web.kept_hierarchy import ready_turns

    turns = options.turns or session.county.settings.turns
    if turns == "kept":
        ready_turns(session.county, session)
    return turns


def _ask(live: LiveEngine, session: Session, options: RouteOptions) -> ViaAsk:
    from routing.trips.ends import resolve_end
    from routing.via_route import ViaAsk
    from web.vehicle_option import read_vehicle_option

    vehicle = read_vehicle_option(options.vehicle, session.county.settings)
    depart_at = _departure(session, options)
    usable = live.engine.usable_roads(vehicle)
    ends = tuple(resolve_end(text, live.trip_map, usable=usable, where=where) for where, text in options.ends)
    return ViaAsk(ends, vehicle, depart_at, options.holder, _turns(session, options))


def _answer_one(session: Session, options: RouteOptions) -> NoReturn:
    from web.live_engine import open_live_engine

    live = open_live_engine(session, closures_file=options.closures)
    from routing.route import NoRoute
    from routing.route_summary import route_summary
    from routing.via_route import alternatives_over, route_over

    ask = _ask(live, session, options)
    found = route_over(live.engine, live.trip_map, ask)
    if isinstance(found, NoRoute):
        _answer_none(session, options, found, live.engine)
    payload = {
        "ok": True,
        **route_summary(found, session.county.network),
        "closure_set_version": live.closure_set_version,
    }
    if options.alternatives:
        others = alternatives_over(live.engine, live.trip_map, ask, count=options.alternatives)
        payload["alternatives"] = [route_summary(one, session.county.network) for one in others]
    _answer_route(session, options, payload)


def _answer_none(session: Session, options: RouteOptions, no_route: NoRoute, engine: Engine) -> NoReturn:
    """Say why there is no route; stdout holds no half document."""
    from routing.route_summary import no_route_summary
    from web.route_text import no_route_text

    text = no_route_text(session, no_route, engine, origin=options.ends[0][1], destination=options.ends[-1][1])
    if session.as_json or options.document == "json":
        write_json({"ok": False, **no_route_summary(no_route)})
    else:
        click.echo(text, err=options.document is not None)
    raise click.exceptions.Exit(ExitCode.NO_ROUTE)


def _answer_route(session: Session, options: RouteOptions, payload: dict[str, Any]) -> NoReturn:
    from web.route_documents import DOCUMENTS
    from web.route_text import route_text

    routes = payload.get("alternatives") or [payload]
    if options.document is not None and options.document in DOCUMENTS:
        attribution = session.county.network.attribution
        text = DOCUMENTS[options.document](routes, title=options.title, attribution=attribution)
        answer(session, {**payload, "document": text}, text.rstrip("\n"))
    if options.document == "json":
        write_json(payload)
        raise click.exceptions.Exit(ExitCode.DONE)
    titles = [session.say("路线", "Route"), *(session.say(f"备选 {n}", f"Other {n}") for n in range(1, len(routes)))]
    text = "\n".join(route_text(session, one, title=title) for one, title in zip(routes, titles, strict=True))
    answer(session, payload, text)


def _answer_file(session: Session, options: RouteOptions, batch: Path, out: Path) -> NoReturn:
    from web.live_engine import open_live_engine

    texts = read_lines(batch)
    live = open_live_engine(session, closures_file=options.closures)
    from web.route_batch import BatchDefaults, BatchReader, answer_batch

    defaults = BatchDefaults(options.vehicle, _departure(session, options), options.holder, _turns(session, options))
    reader = BatchReader(live, session.county.settings, defaults)
    count = answer_batch(texts, reader, out, lang=session.lang)
    text = session.say(
        f"共 {count.asked} 条：有路线 {count.routed}，没有路 {count.without_route}，有错 {count.errors}；结果在 {out}",
        f"{count.asked} lines: {count.routed} routed, {count.without_route} without a route, "
        f"{count.errors} with errors; answers in {out}",
    )
    answer(session, {"ok": True, **asdict(count), "out": str(out)}, text)
