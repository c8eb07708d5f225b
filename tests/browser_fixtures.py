"""A real browser on a really served county: Debian's Chromium, driven by Playwright, on `baotong serve`.

`tests/conftest.py` loads this file: every test may ask for

- `demo_site`: the demo county served by granian, a fresh copy for each test module,
- `serve_county`: a function that serves any other county folder,
- `demo_run`: the demo's folder, key file and accounts as its first run left them, for all modules,
- `yongcheng_folder`: a copy of a real county's folder, built once for all modules,
- `page` and `phone`: a browser page 1,280 and 360 pixels wide, in Chinese,
- `open_page`: a function that opens another page, in any width, language and colour scheme.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from geodata.county import County, open_county
from geodata.county_building import NewCounty, SourceFiles, build_county
from web import cli
from web.kept_hierarchy import ready_hierarchy

#: Seconds that a server may take until it answers.
_PATIENCE_S = 180
#: What a press that computes a page may take: the first consequence on a real county, say.
_LONGEST_PRESS_MS = 180_000
#: What everything else that a page is waited for may take on a busy machine.
PATIENCE_MS = 60_000
#: Ports of served sites: below those that systems draw for connections, so that none takes one between two starts.
_PORTS = range(20_000, 30_000)
#: The first that is installed. The shell is the same browser without windows, menus and start pages of its own, which
#: take two thirds of the work of a short page.
_CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
#: Runs a command, and writes into a file whether it has kept the kernels that it compiled.
_RUN_AND_TELL = """
import sys
from web import cli
code = cli.run(sys.argv[2:])
from routing import kernel
open(sys.argv[1], "w").write(str(kernel.KEPT))
sys.exit(code)
"""
PHONE_WIDTH, DESK_WIDTH = 360, 1_280
_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"
_NO_DRAWING = """
const context = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : context.call(this, kind, ...rest);
};
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class ServedSite:
    """A county that a process of its own serves.

    Attributes
    ----------
    accounts
        Password by account name, where the county has demo accounts.
    sign_ins
        Cookies of the accounts that signed in by the form already.
    """

    url: str
    folder: Path
    key_file: Path
    accounts: dict[str, str] = field(default_factory=dict)
    sign_ins: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve at the site's address, and return once it answers."""
        log = self.key_file.with_name("served.log")
        command = [sys.executable, "-c", "from web.cli import main; main()", "serve"]
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [*command, "--port", self.url.rpartition(":")[2]], env=self.environment, stdout=file, stderr=file
            )
        _await_answer(self.url, self.process, log)

    def stop(self) -> None:
        """Stop serving; the county stays as it is."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=_PATIENCE_S)
            self.process = None

    @property
    def county(self) -> County:
        """The county that is served."""
        return open_county(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        """What a command on the same county needs."""
        return {**os.environ, "BAOTONG_COUNTY": str(self.folder), "BAOTONG_KEY_FILE": str(self.key_file)}

    def run(self, *arguments: str) -> Said:
        """Run a `baotong` command on the same county while it is served, in this process: it has everything ready."""
        out, err = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in ("BAOTONG_COUNTY", "BAOTONG_KEY_FILE"):
                patch.setenv(name, self.environment[name])
            code = cli.run(arguments)
        return Said(code, out.getvalue(), err.getvalue())

    def sign_in(self, page: Page, name: str) -> Page:
        """Sign a page in with a demo account: by the form the first time, then with the cookies that it got."""
        if name in self.sign_ins:
            page.context.clear_cookies()
            page.context.add_cookies(self.sign_ins[name])
            page.goto(f"{self.url}/")
            if page.locator("#password").count() == 0:
                return page
        page.goto(f"{self.url}/sign-in")
        page.locator("#name").fill(name)
        page.locator("#password").fill(self.accounts[name])
        press(page.locator("main form button"))
        page.wait_for_url(f"{self.url}/")
        self.sign_ins[name] = page.context.cookies()
        return page


def press(button: Locator) -> None:
    """Press what leads to another page, and wait until that page is there, however long a busy machine takes."""
    with button.page.expect_navigation(timeout=_LONGEST_PRESS_MS):
        button.click(timeout=_LONGEST_PRESS_MS)


def free_port(factory: pytest.TempPathFactory) -> int:
    """Return a port of this machine that nobody listens at, and that no other process of this run is given."""
    claims = _shared_folder(factory) / "ports"
    claims.mkdir(exist_ok=True)
    for port in random.sample(_PORTS, len(_PORTS)):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            (claims / str(port)).touch(exist_ok=False)
            return port
    pytest.fail("every port is taken")


def _shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder that all processes of this run have in common."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _await_answer(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server does not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def serve_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ServedSite]]:
    """Return a function that serves a county folder until the test module ends."""
    served: list[ServedSite] = []

    def serve(folder: Path, *, key_file: Path | None = None, accounts: dict[str, str] | None = None) -> ServedSite:
        own = tmp_path_factory.mktemp("served")
        site = ServedSite(
            f"http://127.0.0.1:{free_port(tmp_path_factory)}", folder, key_file or own / "key", accounts or {}
        )
        served.append(site)
        site.start()
        return site

    yield serve
    for site in served:
        site.stop()


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that one of the processes of this run makes, while the others that need it wait."""
    base = _shared_folder(factory)
    folder, done = base / name, base / f"{name}.done"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, str]]:
    """Run the demo once: its folder, its key file, its accounts."""

    def run_demo(made: Path) -> None:
        words = ("demo", "--once", "--json", "--dir", str(made / "demo"))
        command = [sys.executable, "-c", _RUN_AND_TELL, str(made / "kept"), *words]
        environment = ServedSite("", made / "demo", made / "key").environment
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (made / "said.json").write_text(done.stdout, encoding="utf-8")

    made = _made_once(tmp_path_factory, "demo-run", run_demo)
    said = json.loads((made / "said.json").read_text(encoding="utf-8"))
    return made / "demo", made / "key", {one["name"]: one["password"] for one in said["accounts"]}


@pytest.fixture(scope="module")
def demo_site(
    demo_run: tuple[Path, Path, dict[str, str]],
    serve_county: Callable[..., ServedSite],
    tmp_path_factory: pytest.TempPathFactory,
) -> ServedSite:
    """The demo county, served; what a module's tests change is gone for the next module."""
    folder, key_file, accounts = demo_run
    copy = tmp_path_factory.mktemp("demo-copy") / "demo"
    shutil.copytree(folder, copy)
    return serve_county(copy, key_file=key_file, accounts=accounts)


@pytest.fixture(scope="session")
def _yongcheng(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a real county of Henan from OpenStreetMap once, with the shape of its route search."""
    from tests.conftest import shared

    def build(made: Path) -> None:
        source = SourceFiles(osm=shared("osm/yongcheng_411481_henan_2017.osm.pbf"))
        build_county(made / "county", source, NewCounty("永城市", "411481"))
        ready_hierarchy(open_county(made / "county"))

    return _made_once(tmp_path_factory, "yongcheng-built", build) / "county"


@pytest.fixture(scope="module")
def yongcheng_folder(_yongcheng: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh copy of the real county's folder for each test module; nobody has an account there."""
    copy = tmp_path_factory.mktemp("yongcheng") / "county"
    shutil.copytree(_yongcheng, copy)
    return copy


def _chromium() -> str:
    found = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    program = _chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a context of its own."""
    contexts: list[BrowserContext] = []

    def open_one(*, width: int = DESK_WIDTH, lang: str = "zh", scheme: str = "light", **more: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width > PHONE_WIDTH else 740},
            locale="zh-CN" if lang == "zh" else "en-GB",
            color_scheme=scheme,
            has_touch=width <= PHONE_WIDTH,
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: _note(page, message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: _note(page, str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()


def _note(page: Page, problem: str) -> None:
    # A page that is refused on purpose shows its status here; what it says is checked by the test itself.
    if "Failed to load resource: the server responded with a status of 4" not in problem:
        page.problems.append(problem)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page on a desk, in Chinese."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A page on a phone, in Chinese."""
    return open_page(width=PHONE_WIDTH)


def wait_until_drawn(page: Page) -> None:
    """Wait until the page's map stands still and shows everything that there is where it stands."""
    page.evaluate(
        """() => new Promise((done) => { const map = document.querySelector(".county-map").countyMap;
        map.once("idle", () => done(null)); map.triggerRepaint(); })"""
    )


def wait_until_drawable(page: Page) -> None:
    """Wait until taps on the page's map draw."""
    page.wait_for_selector(".county-map.is-ready")
    page.wait_for_function(
        "() => document.querySelector('.county-map').countyMap.getSource('td-polygon') !== undefined"
    )


def tap_at(page: Page, x: float, y: float) -> None:
    """Tap a spot of the page as a hand does: the page draws what a move does before the tap comes, and then the tap."""
    page.mouse.move(x, y)
    page.evaluate(_TWO_FRAMES)
    page.mouse.click(x, y)
    page.evaluate(_TWO_FRAMES)


def leave_out_maps(page: Page) -> None:
    """Open further pages as on a machine that cannot draw maps: drawing them is most of what a page takes here."""
    page.add_init_script(_NO_DRAWING)


def check_page(page: Page) -> None:
    """Check what holds for every page: accessible, no error, nothing from elsewhere, nothing wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.problems == []
    own = page.url.split("/", 3)[2]
    addresses = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert [one for one in addresses if not one.startswith(("data:", "blob:")) and one.split("/", 3)[2] != own] == []
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{too_wide} px wider than the screen"
