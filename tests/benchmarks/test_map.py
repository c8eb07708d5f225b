"""How long tiles take that are not kept (bar 150 ms), and a map with 50,000 road pieces in view (bar 6 s)."""

from __future__ import annotations

import gzip
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np
import pytest

from geodata.county import NETWORK_FILE
from geodata.county_building import NewCounty, SourceFiles, build_county
from geodata.county_settings import SETTINGS_FILE
from geodata.demo.county import demo_settings_text
from geodata.demo.roads import demo_network
from geodata.network import Network, load_network, save_network
from geodata.tiles.county_sheets import place_sheet, township_sheets
from geodata.tiles.grid import FINEST, Tile
from geodata.tiles.road_tiles import RoadSheet
from geodata.tiles.shape_sheet import ShapeSheet
from tests.conftest import shared
from tests.demo_world import the_areas, the_places, the_roads

#: As many tiles of each zoom, chosen by chance.
TILES_A_ZOOM = 40
SCREEN = {"width": 1_920, "height": 1_080}
IN_VIEW = """
() => {
  const map = document.querySelector(".county-map").countyMap;
  const bounds = map.getBounds();
  let count = 0;
  for (const feature of map.querySourceFeatures("base", { sourceLayer: "roads" })) {
    const { type, coordinates } = feature.geometry;
    for (const line of type === "LineString" ? [coordinates] : coordinates) {
      if (line.some(([lon, lat]) => bounds.contains([lon, lat]))) count += 1;
    }
  }
  return count;
}
"""


def every_tile(sheet: RoadSheet, z: int) -> list[Tile]:
    spots = np.unique((sheet.world * (1 << z)).astype(int), axis=0).tolist()
    chosen = np.random.default_rng(1).permutation(len(spots))[:TILES_A_ZOOM]
    return [Tile(z, *spots[one]) for one in chosen]


def drawing_times_ms(network: Network, others: tuple[ShapeSheet, ...]) -> np.ndarray:
    """Return for each tile the time on the clock and that of the processor, drawn and compressed."""
    sheet = RoadSheet(network)
    sheet.draw(every_tile(sheet, 8)[0])
    times = []
    for z in range(7, FINEST + 1):
        for tile in every_tile(sheet, z):
            begin = perf_counter(), thread_time()
            gzip.compress(sheet.draw(tile) + b"".join(other.draw(tile) for other in others), 5)
            times.append((perf_counter() - begin[0], thread_time() - begin[1]))
    return np.array(times) * 1000


def tell(name: str, network: Network, others: tuple[ShapeSheet, ...] = ()) -> None:
    times = drawing_times_ms(network, others)
    (p95, of_processor), (worst, _) = np.percentile(times, 95, axis=0), times.max(axis=0)
    print(
        f"\n{name}: {network.road_count} roads, {len(times)} tiles of zooms 7 to {FINEST}: "
        f"p95 {p95:.1f} ms ({of_processor:.1f} ms of processor time), worst {worst:.1f} ms"
    )


@pytest.mark.benchmark
def test_tiles_of_the_demo_county() -> None:
    tell("demo county", the_roads().network, (*township_sheets(the_areas()), place_sheet(the_places())))


@pytest.mark.benchmark
def test_tiles_of_liechtenstein(tmp_path: Path) -> None:
    source = SourceFiles(shared("osm/liechtenstein_2022.osm.pbf"))
    build_county(tmp_path / "county", source, NewCounty("Liechtenstein", country="LI"))
    tell("Liechtenstein", load_network(tmp_path / "county" / NETWORK_FILE))


@pytest.mark.benchmark
def test_a_map_with_50000_road_pieces_in_view(serve_county, browser, tmp_path: Path) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    (folder / SETTINGS_FILE).write_text(demo_settings_text(), encoding="utf-8")
    network = demo_network(scale=3.0)
    save_network(network, folder / NETWORK_FILE)
    site = serve_county(folder)
    middle = network.shape_lonlat.mean(axis=0)
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    begin = perf_counter()
    page.goto(f"{site.url}/map#10/{middle[1]:.4f}/{middle[0]:.4f}")
    page.wait_for_selector(".county-map.is-ready", timeout=60_000)
    seconds, count = perf_counter() - begin, page.evaluate(IN_VIEW)
    context.close()
    print(f"\n{network.road_count} roads, {count} pieces in view: ready after {seconds:.1f} s in software WebGL")
    assert count >= 50_000
