"""The page of reports and files: what must be reported is listed, and every file can be fetched."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from geodata.closures.closure import Closure, Decision, Direction, RoadSpan
from geodata.closures.register import import_closures
from geodata.store import transaction
from geodata.windows import Window
from tests.wzdx_schemas import faults_of
from web.closures.downloads import FILES


@pytest.fixture
def registered(small_site):
    at = small_site.now()
    length = float(small_site.county.network.length_m[small_site.county.network.road_index["n2"]])
    span = RoadSpan("n2", Direction.BOTH, 0.0, length)
    approved = Decision("epidemic_hq", "approved", "written", "7号", at - timedelta(hours=2))
    closure = Closure("国-1", 1, (span,), Window(at - timedelta(hours=1)), cause="epidemic", requested_by="杨集乡")
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [replace(closure, decisions=(approved,)), replace(closure, id="未批")], at)
    return small_site


def test_what_must_be_reported_is_listed_with_its_approval_or_none(registered, client_of):
    page = client_of("S").get("/closures/files").text
    assert "国-1" in page
    assert "7号" in page
    assert "未见批准记录" in page


@pytest.mark.parametrize("name", FILES)
def test_every_file_can_be_fetched(registered, client_of, name):
    answer = client_of("HQ").get(f"/closures/files/{name}")
    assert (answer.status_code, answer.mimetype) == (200, FILES[name].mimetype)
    assert answer.headers["Content-Disposition"].endswith(f'{FILES[name].ending}"')
    assert len(answer.data) > 100


def test_feeds_hold_what_is_approved_and_the_report_holds_all(registered, client_of):
    feed = json.loads(client_of("T").get("/closures/files/wzdx.geojson").data)
    assert {one["properties"]["trafficRegulationOrder"]["closureId"] for one in feed["features"]} == {"国-1"}
    assert faults_of(feed) == []
    book = openpyxl.load_workbook(io.BytesIO(client_of("T").get("/closures/files/report.xlsx").data))
    assert [row[1].value for row in book.active.iter_rows(min_row=2)] == ["是", "是"]


def test_an_unknown_file_is_not_found(client_of):
    assert client_of("T").get("/closures/files/other.doc").status_code == 404
