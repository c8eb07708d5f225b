"""GeoJSON files are read with the place of a fault named, and written whole or not at all."""

import pytest

from geodata.errors import BadInputError, SurroundingsError
from geodata.geojson import read_features, read_json, write_features, write_whole

POINT = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [113, 33]}}


def test_written_features_read_back(tmp_path):
    write_features(tmp_path / "a.geojson", [POINT])
    assert read_features(tmp_path / "a.geojson") == [POINT]


def test_byte_order_mark_is_tolerated(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json(tmp_path / "a.json") == {"a": 1}


@pytest.mark.parametrize("text", ["{", "", "[1,]", '{"a": NaN}', "[" * 100_000])
def test_broken_json_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BadInputError, match="json-unreadable"):
        read_json(tmp_path / "a.json")


@pytest.mark.parametrize("text", ["7", '{"features": 3}', '[{"type": "Polygon"}]'])
def test_other_json_is_no_feature_collection(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BadInputError, match="not-a-feature-collection"):
        read_features(tmp_path / "a.json")


def test_failed_write_leaves_the_old_file_and_no_part(tmp_path):
    target = tmp_path / "folder"
    target.mkdir()
    (target / "inside").write_text("old")
    with pytest.raises(SurroundingsError, match="disk-write-failed"):
        write_whole(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
