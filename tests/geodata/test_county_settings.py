"""county.toml: what it may say, and what is refused with the key named."""

import tomllib

import pytest

from geodata.county_settings import load_settings, read_settings, read_vehicle
from geodata.errors import BadInputError
from geodata.policy_reading import profile_text
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle

HEAD = 'name = "方城县"\narea_code = "411322"\n'


def settings_of(extra="", *, head=HEAD):
    return read_settings(tomllib.loads(head + extra + profile_text("fangcheng-2022")), where="county.toml")


def test_defaults_fill_what_is_not_said():
    settings = settings_of()
    assert settings.country == "CN"
    assert str(settings.timezone) == "Asia/Shanghai"
    assert settings.speeds_kmh[RoadClass.EXPRESSWAY] == 100


def test_a_speed_is_set_by_class():
    assert settings_of("[speeds_kmh]\nvillage = 20\n").speeds_kmh[RoadClass.VILLAGE] == 20


def test_a_vehicle_of_the_county_is_read_in_tonnes():
    settings = settings_of("[vehicle.tanker]\ngross_weight_t = 31\nheight_m = 3.6\n")
    assert settings.vehicles["tanker"].gross_weight_kg == 31_000
    assert settings.vehicles["tanker"].access == "truck"


@pytest.mark.parametrize(
    ("said", "goods"), [('"D"', ("D",)), ('["water", "D", "D"]', ("D", "water")), ("[]", ()), ('""', ())]
)
def test_a_vehicle_says_which_hazardous_goods_it_carries(said, goods):
    settings = settings_of(f"[vehicle.tanker]\nhazardous_goods = {said}\n")
    assert settings.vehicles["tanker"].hazardous_goods == goods


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("colour = 'red'\n", "settings-key-unknown"),
        ("timezone = 'Asia/Nowhere'\n", "timezone-unknown"),
        ("[speeds_kmh]\nmotorway = 20\n", "speed-class-unknown"),
        ("[speeds_kmh]\nvillage = 0\n", "speed-out-of-range"),
        ("[vehicle.car]\nwheels = 4\n", "vehicle-key-unknown"),
        ("[vehicle.car]\naccess = 'boat'\n", "vehicle-access-unknown"),
        ("[vehicle.car]\nhazardous_goods = 'beer'\n", "vehicle-goods-unknown"),
        ("[vehicle.car]\nhazardous_goods = [1]\n", "vehicle-goods-unknown"),
        ("[vehicle.car]\nheight_m = -1\n", "vehicle-value-not-a-number"),
        (f"[vehicle.car]\nheight_m = 1{'0' * 400}\n", "vehicle-value-not-a-number"),
        ("[vehicle.car]\naccess = ['car']\n", "vehicle-access-unknown"),
        ("[roads]\ncontry = 'CN'\n", "settings-key-unknown"),
        ("[roads]\nturns = 'maybe'\n", "turns-unknown"),
    ],
)
def test_a_wrong_setting_is_refused(extra, code):
    with pytest.raises(BadInputError, match=code):
        settings_of(extra)


@pytest.mark.parametrize(
    ("extra", "where", "form"),
    [
        ("roads = 'CN'\n", "roads", "[roads]"),
        ("[roads]\ncountry = 86\n", "roads.country", '"…"'),
        ("speeds_kmh = 'x'\n", "speeds_kmh", "[speeds_kmh]"),
        ("vehicle = 3\n", "vehicle", "[vehicle]"),
        ("[vehicle]\ncar = 3\n", "vehicle.car", "[vehicle.car]"),
        ("timezone = 8\n", "timezone", '"…"'),
        ("schematic = 'no'\n", "schematic", "true"),
    ],
)
def test_a_setting_of_another_kind_is_refused_with_the_way_to_write_it(extra, where, form):
    with pytest.raises(BadInputError, match="settings-value-wrong-kind") as error:
        settings_of(extra)
    assert (error.value.where, error.value.facts["form"]) == (f"county.toml: {where}", form)


def test_a_name_that_is_a_number_is_refused():
    with pytest.raises(BadInputError, match="settings-value-wrong-kind"):
        settings_of(head='name = 3\narea_code = "411322"\n')


def test_an_area_code_may_be_written_as_a_number():
    assert settings_of(head="area_code = 411322\n").area_code == "411322"


@pytest.mark.parametrize("value", ["true", "411322.0", "[411322]", "4113"])
def test_an_area_code_of_another_kind_is_refused(value):
    with pytest.raises(BadInputError, match="area-code-not-six-digits"):
        settings_of(head=f"area_code = {value}\n")


def test_a_misspelt_table_of_a_further_regime_is_refused(tmp_path):
    (tmp_path / "county.toml").write_text(HEAD + profile_text("fangcheng-2022"), encoding="utf-8")
    (tmp_path / "regimes").mkdir()
    text = profile_text("animal-disease").replace("[[approval_rule]]", "[[aproval_rule]]")
    (tmp_path / "regimes" / "pigs.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match="settings-key-unknown") as error:
        load_settings(tmp_path)
    assert error.value.where == "pigs.toml: aproval_rule"


@pytest.mark.parametrize("code", ["41132", "4113222", "abcdef", "41132２"])
def test_area_code_must_be_six_digits(code):
    with pytest.raises(BadInputError, match="area-code-not-six-digits"):
        settings_of(head=f'area_code = "{code}"\n')


def test_not_a_number_in_a_vehicle_is_refused():
    with pytest.raises(BadInputError, match="vehicle-value-not-a-number"):
        read_vehicle({"height_m": float("nan")}, where="truck.json", start=Vehicle())


def test_a_cause_finds_the_regime_that_rules_it(tmp_path):
    (tmp_path / "county.toml").write_text(HEAD + profile_text("fangcheng-2022"), encoding="utf-8")
    (tmp_path / "regimes").mkdir()
    (tmp_path / "regimes" / "pigs.toml").write_text(profile_text("animal-disease"), encoding="utf-8")
    settings = load_settings(tmp_path)
    assert settings.policy_for("animal").regime.id == "asf"
    assert settings.policy_for("works").regime.id == "fangcheng-2022"


def test_broken_toml_names_file_and_line(tmp_path):
    (tmp_path / "county.toml").write_text("name = \n", encoding="utf-8")
    with pytest.raises(BadInputError, match="toml-unreadable") as error:
        load_settings(tmp_path)
    assert "line 1" in str(error.value.facts["reason"])


def test_missing_settings_are_named(tmp_path):
    with pytest.raises(BadInputError, match="file-missing"):
        load_settings(tmp_path)
