"""What the desk's journeys have in common: a clock of the county, the form of an application, the printed code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import zxingcpp
from playwright.sync_api import Page

from geodata.demo.enterprises import person_name, unreal_id_number
from tests.browser_fixtures import press

#: What a printed page is looked at with: a phone held at some distance.
PRINT_DPI = 100


def clock(site: Any, **since: float) -> str:
    """Return a time of the county's clock as the form shows it."""
    instant = datetime.now(UTC) + timedelta(**since)
    zone = site.county.settings.timezone
    return instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S" if "seconds" in since else "%Y-%m-%dT%H:%M")


def fill_person(page: Page, place: int, number: int, *, role: str, sampled_at: str) -> None:
    """Fill in one person on board."""
    said = {
        "name": person_name(number),
        "id_number": unreal_id_number(number),
        "phone": f"000{number:08d}",
        "sampled_at": sampled_at,
    }
    for key, value in said.items():
        page.locator(f"#crew-{place}-{key}").fill(value)
    for key, value in {"role": role, "result": "negative", "proof": "seen"}.items():
        page.locator(f"#crew-{place}-{key}").select_option(value)


def fill_trip(site: Any, page: Page, *, plate: str, origin: str, destination: str, in_h: float = 1) -> None:
    """Fill in vehicle and trip."""
    page.locator("#vehicle-plate").fill(plate)
    page.locator("#vehicle-link").select_option("own")
    for key, value in {"gross_weight_t": "18", "axles": "3", "height_m": "3.8"}.items():
        page.locator(f"#vehicle-{key}").fill(value)
    for key, value in {"goods": "面粉", "origin": origin, "destination": destination}.items():
        page.locator(f"#{key}").fill(value)
    page.locator("#depart_at").fill(clock(site, hours=in_h))
    page.locator("#prereported_at").fill(clock(site, hours=-15))


def send(page: Page) -> None:
    """Press the button that checks and sends."""
    press(page.locator("main form .row button[value=send]"))


def code_on_paper(page: Page) -> str:
    """Print the page and return what its one code says, looked at with a low resolution."""
    document = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True, print_background=True))
    assert len(document) == 1
    picture = document[0].render(scale=PRINT_DPI / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    return str(code.text)
