"""Routes on two real counties equal networkx on the exported network, as the commands give both."""

import csv
import json
from itertools import product

import networkx as nx
import numpy as np
import pytest

from geodata.county import open_county
from tests.conftest import shared
from web import cli

#: A thousand routes of the second one are compared in tests/routing/test_real_counties.py, without the commands.
COUNTIES = (
    "yongcheng_411481_henan_2017.osm.pbf",
    pytest.param("liechtenstein_2022.osm.pbf", marks=pytest.mark.long),
)
ORIGINS, DESTINATIONS = 10, 100


def command(*arguments):
    """Run one command, which must succeed."""
    assert cli.run(arguments) == 0


def exported_graph(path):
    """The network as its export says: by node, the quicker of parallel roads, ties by length."""
    graph = nx.DiGraph()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ends, key = (row["from_node"], row["to_node"]), (float(row["duration_s"]), float(row["length_m"]))
            if ends not in graph.edges or key < graph.edges[ends]["key"]:
                graph.add_edge(*ends, key=key, duration_s=key[0])
    return graph


def positions_of(network, nodes):
    """Where junctions lie, by the name the export gives them."""
    named = zip(map(str, network.junction_id), network.junction_lonlat.tolist(), strict=True)
    return {node: position for node, position in named if node in nodes}


@pytest.mark.parametrize("name", COUNTIES)
def test_a_thousand_random_routes_equal_networkx_on_the_exported_network(tmp_path, name):
    folder, arcs = tmp_path / "county", tmp_path / "arcs.csv"
    command("county", "new", str(folder), "--osm", str(shared(f"osm/{name}")), "--area-code", "411481")
    command("county", "export", str(folder), "--out", str(arcs))
    graph = exported_graph(arcs)
    largest = max(nx.strongly_connected_components(graph), key=len)
    at = positions_of(open_county(folder).network, largest)
    chosen = np.random.default_rng(7).choice(sorted(at), size=ORIGINS + DESTINATIONS, replace=False)
    pairs = list(product(chosen[:ORIGINS], chosen[ORIGINS:]))
    lines = [{"id": f"{a}>{b}", "from": "{},{}".format(*at[a]), "to": "{},{}".format(*at[b])} for a, b in pairs]
    (tmp_path / "q.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    command("route", "--county", str(folder), "--batch", str(tmp_path / "q.jsonl"), "--out", str(tmp_path / "r.jsonl"))
    found = {row["id"]: row for row in map(json.loads, (tmp_path / "r.jsonl").read_text().splitlines())}
    for origin in chosen[:ORIGINS]:
        best = nx.single_source_dijkstra_path_length(graph, origin, weight="duration_s")
        for target in chosen[ORIGINS:]:
            assert found[f"{origin}>{target}"]["duration_s"] == pytest.approx(best[target], abs=0.01), (origin, target)
