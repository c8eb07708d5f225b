"""What the journeys on the road have in common: a link, a village road, a photo file, keys of the served county."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from geodata.county import County
from geodata.road_classes import RoadClass
from geodata.store import open_store, transaction
from passes.checkpoint.scan_register import Scan, list_scans
from passes.editions.pass_register import PassRecord, find_pass, list_passes
from passes.keyring.key_register import open_key_ring
from passes.messages.link_register import make_link
from passes.tokens.claims import PASS, read_pass_claims
from passes.tokens.front_door import parse_token
from passes.tokens.signing import sign_token

#: Seconds that what a page does by itself may take on a busy machine.
PATIENCE_S = 180


def newest_pass(site: Any) -> PassRecord:
    """Return the pass that was issued last in the served county's register."""
    store = open_store(site.county.database_url)
    with transaction(store, writes=False) as connection:
        return list_passes(connection, at=datetime.now(UTC), most=1)[0]


def pass_of(site: Any, number: str) -> PassRecord:
    """Return the newest edition of a pass number."""
    with transaction(open_store(site.county.database_url), writes=False) as connection:
        return find_pass(connection, number)


def driver_link(site: Any, number: str) -> str:
    """Make a driver's link and return its whole address."""
    with transaction(open_store(site.county.database_url), writes=True) as connection:
        return f"{site.url}/d/{make_link(connection, number, by='t', at=datetime.now(UTC))}"


def signed_again(site: Any, token: str, **times: timedelta) -> str:
    """Return a pass of the county with its times moved, signed by the county's own key."""
    claims = dict(parse_token(token, PASS).claims)
    for name, by in times.items():
        claims[name] += int(by.total_seconds())
    read_pass_claims(claims)
    at = datetime.now(UTC)
    with transaction(open_store(site.county.database_url), writes=True) as connection:
        key = open_key_ring(connection, site.key_file, at=at).current(at)
    return sign_token(claims, key, typ=PASS.typ)


def scans_of(site: Any) -> list[Scan]:
    """Return what guards have registered in the served county."""
    with transaction(open_store(site.county.database_url), writes=False) as connection:
        return list(list_scans(connection))


def new_scans(site: Any, before: set[str], count: int) -> list[Scan]:
    """Return the scans that are not among those before, once there are so many: a phone sends them by and by."""
    until = time.monotonic() + PATIENCE_S
    while True:
        new = [one for one in scans_of(site) if one.key not in before]
        if len(new) >= count or time.monotonic() > until:
            return new
        time.sleep(0.1)


def lone_village_road(county: County, *, nth: int = 0) -> tuple[str, tuple[float, float]]:
    """Return a village road with no other road within 150 m of its middle, and that middle; the nth of them."""
    network, index = county.network, county.road_index
    for road in range(network.road_count):
        if network.class_of(road) is not RoadClass.VILLAGE or not 800 < network.length_m[road] < 2_500:
            continue
        line = network.line_of(road)
        lon, lat = (float(one) for one in line[len(line) // 2])
        if index.roads_near(lon, lat, within_m=150) == (road,):
            if not nth:
                return str(network.road_id[road]), (lon, lat)
            nth -= 1
    raise AssertionError("no village road stands alone")


def far_from_roads(county: County, *, least_m: float, most_m: float) -> tuple[float, float]:
    """Return a position so far from every road."""
    network, index = county.network, county.road_index
    low, high = network.junction_lonlat.min(axis=0), network.junction_lonlat.max(axis=0)
    grid = np.stack(np.meshgrid(*(np.linspace(low[i], high[i], 150) for i in (0, 1))), axis=-1).reshape(-1, 2)
    gaps = index.distances_m(index.plane.to_metres(grid))
    lon, lat = grid[int(np.flatnonzero((gaps > least_m) & (gaps < most_m))[0])]
    return float(lon), float(lat)


def closure_rows(site: Any) -> dict[str, dict[str, Any]]:
    """Return the register's closures and blockages as `closures list` answers."""
    done = site.run("closures", "list", "--json")
    return {row["id"]: row for row in json.loads(done.stdout)["closures"]}


def audit_checks(site: Any, case: str) -> set[str]:
    """Return what the audit finds about a case."""
    done = site.run("closures", "audit", "--json")
    return {row["check"] for row in json.loads(done.stdout)["findings"] if row["closure"] == case}


def roads_between(site: Any, start: tuple[float, float], end: tuple[float, float]) -> list[str]:
    """Return the roads of the route between two positions, none where there is no route."""
    done = site.run("route", "--from", f"{start[0]},{start[1]}", "--to", f"{end[0]},{end[1]}", "--json")
    answer = json.loads(done.stdout)
    return [one["road_id"] for one in answer.get("roads", ())] if answer["ok"] else []


def photo_file(folder: Path, content: bytes, name: str = "mound.jpg") -> str:
    """Write a file to send and return its path."""
    path = folder / name
    path.write_bytes(content)
    return str(path)
