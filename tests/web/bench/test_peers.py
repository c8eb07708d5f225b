"""Peers are files in a folder: known by their names, loaded with their version, or not installed."""

from __future__ import annotations

import pytest

from geodata.errors import BadInputError
from web.bench.peers import FOLDER, known_peers, load_peers
from web.bench.router import Router

METHODS = {name for name in vars(Router) if not name.startswith("_")}


def test_the_repository_keeps_its_peers():
    assert {"networkx", "scipy", "rustworkx", "routingkit-cch", "routingkit-cch-reset"} <= set(known_peers(FOLDER))


def test_a_peer_is_loaded_with_its_version():
    (peer,) = load_peers(FOLDER, ("scipy",))
    assert peer.name == "scipy"
    assert peer.version.count(".") == 2
    assert set(dir(peer.make)) >= METHODS


def test_a_peer_whose_package_is_missing_is_not_installed(tmp_path):
    (tmp_path / "far_away.py").write_text('"""Wraps nothing."""\nimport package_that_nobody_has\n', encoding="utf-8")
    (peer,) = load_peers(tmp_path, None)
    assert (peer.name, peer.make, peer.lacks) == ("far-away", None, "package_that_nobody_has")


def test_a_file_without_a_router_is_refused(tmp_path):
    (tmp_path / "empty.py").write_text('"""Nothing."""\n', encoding="utf-8")
    with pytest.raises(BadInputError, match="peer-unreadable"):
        load_peers(tmp_path, None)


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path):
    (tmp_path / "one.py").write_text('"""Nothing."""\n', encoding="utf-8")
    with pytest.raises(BadInputError, match="peer-unknown") as refused:
        load_peers(tmp_path, ("two",))
    assert refused.value.facts == {"value": "two", "known": ["one"]}


def test_a_folder_that_is_not_there_has_no_peers(tmp_path):
    assert load_peers(tmp_path / "none", None) == ()
