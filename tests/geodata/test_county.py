"""A county folder opens by its parts, each when first needed."""

import pytest

from geodata.county import open_county
from geodata.errors import BadInputError


def test_parts_of_a_county_load_when_needed(small_county):
    assert small_county.network.road_count == 6
    assert small_county.places.find("后庄村", where="x").population == 800
    assert [area.id for area in small_county.areas] == ["zone"]


def test_folder_without_places_has_none(small_county):
    (small_county.folder / "places.geojson").unlink()
    assert not open_county(small_county.folder).places.by_id


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="county-folder-missing"):
        open_county(tmp_path / "nowhere")


def test_database_is_in_the_folder_unless_county_toml_names_one(small_county):
    assert small_county.database_url.startswith("sqlite:///")
    settings = small_county.folder / "county.toml"
    settings.write_text(
        'database_url = "postgresql://db/county"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert open_county(small_county.folder).database_url == "postgresql://db/county"
