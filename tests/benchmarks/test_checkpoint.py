"""How long from the first frame of the camera to the verdict (bar: median 0.5 s, 1 s with a sixth of the processor)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.guard_phone import make_phone, open_desk
from tests.passes.test_code_reading import CODES, WEAR, share_read
from tests.web.journeys.road_steps import newest_pass

SCANS = 12
BETWEEN_MARKS = """() => {
  const [first] = performance.getEntriesByName("first-frame");
  const verdicts = performance.getEntriesByName("verdict");
  return verdicts[verdicts.length - 1].startTime - first.startTime;
}"""


def scan_times_ms(page):
    """Scan again and again with the camera open, as a guard does, and return what each took."""
    page.get_by_role("button", name="扫码").click()
    times = []
    for _ in range(SCANS):
        page.locator("[data-verdict]").wait_for()
        times.append(page.evaluate(BETWEEN_MARKS))
        page.get_by_role("button", name="下一辆").click()
    return np.array(times)


@pytest.mark.benchmark
@pytest.mark.parametrize("slower", [1, 6])
@pytest.mark.parametrize("blur", [0.0, 1.2])
def test_from_the_first_frame_to_the_verdict_without_a_network(demo_site, browser, tmp_path, slower, blur):
    with make_phone(browser, tmp_path, newest_pass(demo_site).url, blur=blur)() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        page.context.set_offline(True)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        times = scan_times_ms(page)
    print(
        f"\nblur {blur} px, processor 1/{slower}: median {np.median(times):.0f} ms, worst {times.max():.0f} ms of {SCANS}"
    )


@pytest.mark.benchmark
@pytest.mark.parametrize("side", [240, 200])
def test_how_many_worn_codes_are_read(side):
    for name, one in WEAR.items():
        shares = ", ".join(f"{code} {share_read(text, one, 60, side=side):.1%}" for code, text in CODES.items())
        print(f"\n{side} px, {name}: {shares}")
