"""The guard's phone in tests: a Chromium with a profile of its own, whose camera sees a pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser_fixtures import _QUIET, PATIENCE_MS, PHONE_WIDTH, _chromium
from tests.fake_camera import write_video

#: Counts how often a page has asked for the camera.
_COUNT_CAMERAS = """
navigator.mediaDevices.opened = 0;
const ask = navigator.mediaDevices.getUserMedia;
navigator.mediaDevices.getUserMedia = function (...all) { this.opened += 1; return ask.apply(this, all); };
"""
#: Ends once the page's worker has kept everything, and fails where it does not.
_WORKER_READY = """Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((_, refuse) => setTimeout(() => refuse(new Error("no worker")), %d)),
])"""
OpenPhone = Callable[..., Any]


def make_phone(browser: Browser, folder: Path, code: str, **video: Any) -> OpenPhone:
    """Return a way to open the phone; what it keeps outlives it, as it does a browser that is closed."""
    camera = write_video(folder / "camera.mjpeg", code, **video)

    @contextmanager
    def open_phone(
        clock: datetime | None = None, position: tuple[float, float] | None = None, script: str = ""
    ) -> Iterator[Page]:
        known = {} if position is None else {"geolocation": {"longitude": position[0], "latitude": position[1]}}
        context = browser.browser_type.launch_persistent_context(
            str(folder / "profile"),
            executable_path=_chromium(),
            args=[*_QUIET, f"--use-file-for-fake-video-capture={camera}"],
            viewport={"width": PHONE_WIDTH, "height": 740},
            locale="zh-CN",
            permissions=["camera", *known],
            **known,
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            page = context.new_page()
            page.problems = []
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.add_init_script(_COUNT_CAMERAS + script)
            if clock is not None:
                page.clock.set_fixed_time(clock)
            yield page
            assert page.problems == []
        finally:
            context.close()

    return open_phone


def open_desk(page: Page, site: Any, renewed: str = "renewed") -> None:
    """Open the checkpoint's page and wait until it has tried to get the newest lists, and is kept on the phone."""
    page.goto(f"{site.url}/checkpoint/")
    page.locator(f"[data-renewed={renewed}]").wait_for()
    page.evaluate(_WORKER_READY % PATIENCE_MS)


def lose_network(page: Page) -> None:
    """Take the network away, and wait until the page knows."""
    page.context.set_offline(True)
    page.wait_for_function("() => !navigator.onLine")


def find_network(page: Page) -> None:
    """Give the network back, and wait until the page knows."""
    page.context.set_offline(False)
    page.wait_for_function("() => navigator.onLine")
