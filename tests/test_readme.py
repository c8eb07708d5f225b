"""README is true: its lines run as they stand on a real county, and name every exit code and command group."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import shared
from web.answer import ExitCode
from web.cli import COMMANDS

README = Path(__file__).parent.parent / "README.md"
COUNTIES = (
    pytest.param("yongcheng_411481_henan_2017.osm.pbf", ("116.3655,33.9415", "116.4335,33.9040"), id="yongcheng"),
    pytest.param(
        "north-bayreuth_2014.osm.gz",
        ("11.5700,49.9800", "11.5900,50.0200"),
        marks=pytest.mark.long,
        id="north-bayreuth",
    ),
)


def county_lines():
    """The shell lines of the section "Your own county"."""
    section = README.read_text(encoding="utf-8").split("## Your own county")[1]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL).group(1)


def bash(lines, folder):
    """Run shell lines in a folder, with this program first on the path."""
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "BAOTONG_KEY_FILE": str(folder / "key")}
    environment.pop("BAOTONG_COUNTY", None)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("name", "ends"), COUNTIES)
@pytest.mark.skipif(shutil.which("bash") is None, reason="README's lines are for bash")
def test_lines_for_a_countys_own_roads_run_on_a_real_county(tmp_path, name, ends):
    origin, destination = ends
    shutil.copy(shared(f"osm/{name}"), tmp_path / name)
    lines = county_lines().replace("YOUR_COUNTY.osm.pbf", name)
    lines = re.sub(r"\bTO\b", destination, re.sub(r"\bFROM\b", origin, lines))
    find_road = f'ROAD=$(baotong route --from "{origin}" --to "{destination}" --json | python3 -c "import json,sys; '
    find_road += "print(json.load(sys.stdin)['roads'][1]['road_id'])\")\n"
    lines = lines.replace("cat > closures", find_road + "cat > closures").replace("ROAD_ID", "$ROAD")
    done = bash(lines, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "K1" in done.stdout
    assert json.loads((tmp_path / "pass.json").read_text())["pass"]["state"] == "granted"
    assert (tmp_path / "county-backup.gz").stat().st_size > 0


def test_every_exit_code_is_explained():
    table = README.read_text(encoding="utf-8").split("| exit code | means |")[1].split("\n\n")[0]
    explained = {
        int(number)
        for row in table.splitlines()
        for number in re.findall(r"\b\d+\b", row.split("|")[1] if "|" in row else "")
    }
    assert explained == {int(code) for code in ExitCode}


def test_the_main_commands_are_shown():
    text = README.read_text(encoding="utf-8")
    assert all(f"baotong {group}" in text for group in COMMANDS if group not in {"keys", "places", "areas"})
