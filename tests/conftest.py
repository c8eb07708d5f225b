"""The small county that everybody knows by heart, and what every test may ask for.

    C───────c3───────D            C 宏达面粉 (enclosed firm) and its receiving point; D 接驳站 (transfer station)
    │   emergency    │            the emergency area covers C alone
   c1     area       c2           S 采样点 (sampling station) stands half way on c2
    │                │
    A═══════n2═══════B════K═══n1════E      A 县医院 (hospital); K 检查点 (checkpoint) half way on n1
    │                                      E 东入县口 (entry point); n1, n2 are the national road G999
    v1
    │
    F 后庄村 (village)

From A to B and from A to C it is 2.8 km and 2.2 km. c1, c2 are county roads, c3 a township road, v1 a village road.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from geodata.county import AREAS_FILE, NETWORK_FILE, PLACES_FILE, County, open_county
from geodata.county_settings import SETTINGS_FILE
from geodata.geojson import write_features
from geodata.network import save_network
from geodata.policy_reading import profile_text
from geodata.road_classes import RoadClass
from geodata.snapping import EARTH_RADIUS_M
from tests.networks import Road, make_network
from web.kernel_cache import prepare_kernel_cache

# A loaded machine makes no test wrong: neither an example nor drawing one has a time to keep.
# CI draws the same examples for the same code, so that it fails by a change and not by a draw; elsewhere they are new
# each time, and what is found that way is kept as an `@example`.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("untimed")

# What tests start, and the other processes of this run, keep the bytecode that they compile, also where the shell forbids
# it: the program's takes each of them most of a second.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

#: Where Linux keeps files in memory. What tests write is thrown away, and on a disk every commit waits for the disk:
#: that is most of what tests on SQLite take.
MEMORY_FOLDER = "/dev/shm"
TEMPORARY_ROOT = "PYTEST_DEBUG_TEMPROOT"
#: Room that must be there: a whole run takes less than 2 GB.
ROOM_BYTES, MEMORY_BYTES = 4 << 30, 6 << 30


def _has_room(folder: str) -> bool:
    """Tell whether a folder in memory has room for all files of a run, and programs may be run from it."""
    try:
        disk = os.statvfs(folder)
        memory = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    except OSError:
        return False
    is_open = os.access(folder, os.W_OK | os.X_OK) and not disk.f_flag & os.ST_NOEXEC
    left = int(memory["MemAvailable"].split()[0]) << 10
    return is_open and disk.f_bavail * disk.f_frsize > ROOM_BYTES and left > MEMORY_BYTES


# Before any test imports routing: kernels compiled by an earlier run are used again.
prepare_kernel_cache()

#: Files of tests that build packages and run README's lines.
BUILDS = ("test_packaging.py", "test_readme.py")
#: More processes than this would each start a server, a browser and a database of their own for little.
MOST_PROCESSES = 4


def _measures(config):
    return config.option.markexpr == "benchmark"


def pytest_configure(config):
    """Let tests write into memory; measurements wait for the disk as the program does."""
    if TEMPORARY_ROOT not in os.environ and not _measures(config) and _has_room(MEMORY_FOLDER):
        os.environ[TEMPORARY_ROOT] = MEMORY_FOLDER


def pytest_xdist_auto_num_workers(config):
    """The whole suite runs on every core; single files, and measurements, in the one process that was started."""
    is_whole = config.args == config.getini("testpaths") and not _measures(config)
    return min(os.cpu_count() or 1, MOST_PROCESSES) if is_whole else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put first what takes long: at the end one process would wait for the other's.

    What is built goes before most journeys: it needs no kernel, so that the process which begins with it leaves compiling
    them, and the demo's first run, to the other one.
    """
    journeys = {item.path: None for item in items if "journeys" in item.path.parts}
    first = next(iter(journeys), None)
    items.sort(key=lambda item: (item.path != first, item.path.name not in BUILDS, item.path not in journeys))


def pytest_collection_finish():
    """Leave what was imported and collected out of every later round of the garbage collector."""
    gc.collect()
    gc.freeze()


pytest_plugins = [
    "tests.browser_fixtures",
    "tests.database_fixtures",
    "tests.front_end_fixtures",
    "tests.web_fixtures",
]

JUNCTIONS = {
    "A": (113.02, 33.02),
    "B": (113.05, 33.02),
    "C": (113.02, 33.04),
    "D": (113.05, 33.04),
    "E": (113.08, 33.02),
    "F": (113.02, 33.00),
}
ROADS = (
    ("n1", "B", "E", RoadClass.NATIONAL, "G999"),
    ("n2", "A", "B", RoadClass.NATIONAL, "G999"),
    ("c1", "A", "C", RoadClass.COUNTY, ""),
    ("c2", "B", "D", RoadClass.COUNTY, ""),
    ("c3", "C", "D", RoadClass.TOWNSHIP, ""),
    ("v1", "A", "F", RoadClass.VILLAGE, ""),
)
PLACES = (
    ("east", "东入县口", "entry_point", (113.08, 33.02), {}),
    ("check", "检查点", "checkpoint", (113.065, 33.02), {}),
    ("sample", "采样点", "sampling_station", (113.05, 33.03), {"hours": "00:00-24:00"}),
    ("park", "接驳站", "transfer_station", (113.05, 33.04), {}),
    ("firm", "宏达面粉", "enterprise", (113.0195, 33.0405), {"enclosed": True}),
    ("dock", "宏达面粉接收点", "receiving_point", (113.02, 33.04), {"owner": "firm", "phone": "000-0001"}),
    ("village", "后庄村", "village", (113.02, 33.0), {"population": 800}),
    ("clinic", "县医院", "hospital", (113.02, 33.02), {}),
)
EMERGENCY = [[113.01, 33.03], [113.03, 33.03], [113.03, 33.05], [113.01, 33.05], [113.01, 33.03]]
SETTINGS = 'name = "小县"\narea_code = "411399"\npublic_url = "https://pass.example"\n\n'


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two positions."""
    lon1, lat1, lon2, lat2 = np.radians([*one, *other])
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return float(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)))


def small_network():
    """Return the roads of the small county."""
    roads = [
        Road(road_id, start, end, distance_m(JUNCTIONS[start], JUNCTIONS[end]), road_class, ref=ref)
        for road_id, start, end, road_class, ref in ROADS
    ]
    return make_network(roads, JUNCTIONS)


def write_small_county(folder: Path) -> Path:
    """Write the small county's folder."""
    folder.mkdir(parents=True)
    regime = profile_text("fangcheng-2022").replace("auto_issue = true", "auto_issue = false")  # an officer confirms
    (folder / SETTINGS_FILE).write_text(SETTINGS + regime, encoding="utf-8")
    save_network(small_network(), folder / NETWORK_FILE)
    write_features(
        folder / PLACES_FILE,
        [
            {
                "type": "Feature",
                "properties": {"id": place_id, "name": name, "kind": kind, **further},
                "geometry": {"type": "Point", "coordinates": list(position)},
            }
            for place_id, name, kind, position, further in PLACES
        ],
    )
    area = {"id": "zone", "name": "应急区", "kind": "emergency", "start": "2022-06-01T00:00:00+08:00"}
    geometry = {"type": "Polygon", "coordinates": [EMERGENCY]}
    write_features(folder / AREAS_FILE, [{"type": "Feature", "properties": area, "geometry": geometry}])
    return folder


@pytest.fixture
def small_county(tmp_path) -> County:
    """The small county, in a folder of its own."""
    return open_county(write_small_county(tmp_path / "small-county"))


def shared(path: str) -> Path:
    """Return a real data file beside the checkout, or skip the test with the reason."""
    found = Path(__file__).parent.parent.parent / "shared" / "data" / path
    if not found.exists():
        pytest.skip(f"real data is not beside the checkout: {path}")
    return found
