"""What everybody sees of closures: approved extents alone, the code at a barrier, and the order that is printed."""

from datetime import UTC, datetime, timedelta

import pytest

from geodata.closures.closure import Direction
from geodata.closures.filings_register import ORDERED, filings_of
from geodata.closures.register import import_closures, list_closures
from geodata.store import transaction
from geodata.windows import parse_instant
from passes.orders.ordering import orders_of
from tests.closure_cases import closed, says, span
from tests.closure_desks import decide, local, send_request
from web.orders.shown_order import shown_order


@pytest.fixture
def take(small_site):
    """Return a function that takes closures into the register: from an hour ago for a day unless said otherwise."""

    def imported(*roads, decisions=(), start=-1, end=24, **more):
        now = datetime.now(UTC)
        lengths = small_site.county.network.length_m
        index = small_site.county.network.road_index
        extent = [span(road, 0.0, float(lengths[index[road]])) for road in roads]
        times = {"start": now + timedelta(hours=start), "end": now + timedelta(hours=end)}
        closure = closed(*extent, decisions=decisions, **times, **more)
        with transaction(small_site.store, writes=True) as connection:
            import_closures(connection, [closure], now)

    return imported


def approved(**more):
    return says("epidemic_hq", at=datetime.now(UTC) - timedelta(hours=2), **more)


def orders(small_site, closure_id="z1"):
    with transaction(small_site.store, writes=False) as connection:
        return orders_of(connection, closure_id)


def scan(client, order):
    return client.get("/O/" + order.url.rpartition("/")[2])


def test_everybody_sees_what_is_closed_with_approval_and_the_way_round(client_of, take):
    take("n2", decisions=[approved()], requested_by="东镇", reason="内部原因")
    page = client_of("").get("/public/closures").text
    assert "G999" in page
    assert "方疫指〔2022〕12号" in page
    assert "绕行" in page
    assert "内部原因" not in page


def test_what_is_not_approved_is_not_published(client_of, take):
    take("n2")
    take("c2", id="z2", decisions=[approved(), says("epidemic_hq", "withdrawn", at=datetime.now(UTC))])
    client = client_of("")
    assert client.get("/public/closures.geojson").json["features"] == []
    assert client.get("/public/closures/z1").status_code == 404
    assert "未见批准记录" in client.get("/public/closures/z1").text
    assert client.get("/public/closures/nobody").text.replace("nobody", "z1") == client.get("/public/closures/z1").text


def test_only_the_approved_part_is_in_the_feed_and_it_says_when_it_changed(client_of, take):
    take("v1", decisions=[approved(extent=(span("v1", 0, 1000),))])
    client = client_of("")
    answer = client.get("/public/closures.geojson")
    (feature,) = answer.json["features"]
    assert (answer.content_type, answer.headers["Access-Control-Allow-Origin"]) == ("application/geo+json", "*")
    known = feature["properties"]
    assert (known["id"], known["length_m"], known["page"]) == ("z1", 1000, "https://pass.example/public/closures/z1")
    assert min(lat for (_, lat) in feature["geometry"]["coordinates"][0]) > 33.01
    again = client.get("/public/closures.geojson", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    take("c2", id="z2", decisions=[approved()])
    assert len(client.get("/public/closures.geojson").json["features"]) == 2


def test_whoever_has_the_newest_feed_is_told_so_before_any_way_round_is_sought(client_of, take, monkeypatch):
    take("n2", decisions=[approved()])
    take("c2", id="z2", decisions=[approved()])
    client, sought = client_of(""), []
    monkeypatch.setattr(
        "web.orders.published.shown_order", lambda part, *rest: sought.append(part) or shown_order(part, *rest)
    )
    tag = client.get("/public/closures.geojson").headers["ETag"]
    assert len(sought) == 2
    take("v1", id="z3", decisions=[approved()], start=2)
    newer = client.get("/public/closures.geojson", headers={"If-None-Match": tag})
    assert (newer.status_code, len(sought)) == (200, 4)
    seen = client.get("/public/closures.geojson", headers={"If-None-Match": newer.headers["ETag"]})
    assert (seen.status_code, seen.data, len(sought)) == (304, b"", 4)


def test_a_part_of_the_feed_leads_to_the_next_and_all_parts_are_the_whole(client_of, take):
    for number, road in enumerate(("n2", "c2", "v1")):
        take(road, id=f"z{number}", decisions=[approved()])
    client = client_of("")
    whole = [one["id"] for one in client.get("/public/closures.geojson").json["features"]]
    first = client.get("/public/closures.geojson?limit=2").json
    (link,) = first["links"]
    last = client.get(link["href"]).json
    assert (first["numberMatched"], first["numberReturned"], last["links"]) == (3, 2, [])
    assert [one["id"] for one in (*first["features"], *last["features"])] == whole


def test_what_is_to_come_is_listed_apart_and_not_in_the_feed(client_of, take):
    take("n2", decisions=[approved()], start=2)
    client = client_of("")
    page = client.get("/public/closures").text
    assert page.index("即将关闭") < page.index("G999")
    assert client.get("/public/closures.geojson").json["features"] == []
    assert "尚未生效" in client.get("/public/closures/z1").text


def test_a_village_road_without_number_is_named_by_its_village_and_has_nothing_to_go_round_to(client_of, take):
    take("v1", decisions=[approved()])
    page = client_of("").get("/public/closures/z1").text
    assert "后庄村附近" in page
    assert "断头路" in page


def test_one_way_is_told_by_the_compass(client_of, take):
    take("n2", decisions=[approved(extent=(span("n2", 0.0, 500.0, Direction.FORWARD),))])
    assert "仅往东方向" in client_of("").get("/public/closures/z1").text


def test_the_notice_is_ready_to_post_in_both_languages(client_of, take):
    take("n2", decisions=[approved()])
    client = client_of("")
    assert "关于临时关闭G999的通告" in client.get("/public/closures/z1").text
    assert "Notice: temporary closure of G999" in client.get("/public/closures/z1?lang=en").text


def test_the_decision_of_headquarters_signs_the_order_and_a_part_only_its_part(client_of, small_site):
    number = send_request(client_of("TW"))
    decide(client_of("HQ"), number, decision="part", roads="v1@0-1000", start=local(9), end=local(40))
    (order,) = orders(small_site, number)
    assert (order.claims.version, order.claims.length_m) == (2, 1000)
    with transaction(small_site.store, writes=False) as connection:
        assert [one.account for one in filings_of(connection, number) if one.act == ORDERED] == ["hq"]
    page = scan(client_of(""), order).text
    assert "尚未到关闭时间" in page
    assert 'data-verdict="amber"' in page


def test_withdrawn_shows_at_once_on_the_code_and_in_the_list(client_of, take, small_site):
    take("n2", decisions=[approved()])
    headquarters, everybody = client_of("HQ"), client_of("")
    assert "还没有出具公示牌" in headquarters.get("/orders/z1/print").text
    assert headquarters.post("/orders/z1").status_code == 303
    (order,) = orders(small_site)
    assert 'data-verdict="green"' in scan(everybody, order).text
    assert decide(headquarters, "z1", decision="withdraw").status_code == 303
    page = scan(everybody, order).text
    assert 'data-verdict="red"' in page
    assert "未见批准记录：批准已撤回" in page
    assert everybody.get("/public/closures.geojson").json["features"] == []
    assert headquarters.get("/orders/z1/print").status_code == 422


@pytest.mark.parametrize("digits", ["1", "0", "x", "9" * 400])
def test_what_is_no_code_of_ours_has_no_approval_on_record(client_of, digits):
    page = client_of("").get(f"/o/{digits}")
    assert (page.status_code, "未见批准记录" in page.text) == (200, True)


def test_the_order_is_printed_with_its_code_and_the_state_of_the_log(client_of, take, small_site):
    take("n2", decisions=[approved()])
    client = client_of("TW")
    client.post("/orders/z1")
    (order,) = orders(small_site)
    page = client.get("/orders/z1/print").text
    assert order.claims.log_root.hex() in page
    assert order.log_text.splitlines()[2] in page
    assert "道路关闭批复公示牌" in page
    assert "Closure order" in client.get("/orders/z1/print?lang=en").text
    assert "此路段经下列单位批准" in client.get("/orders/z1/print?lang=en").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "先由 疫情防控指挥部 批复"),
        ({"cause": "collapse"}, "60 分钟内报"),
        ({"decisions": [says("transport", at=parse_instant("2022-06-22T00:00:00Z", where=""))]}, "先由"),
    ],
)
def test_without_approval_the_printing_says_what_is_missing(client_of, take, more, said):
    take("n2", **more)
    client = client_of("HQ")
    for answer in (client.get("/orders/z1/print"), client.post("/orders/z1")):
        assert (answer.status_code, said in answer.text) == (422, True)


def test_a_phone_approval_is_told_on_order_list_and_code(client_of, take, small_site):
    take("n2", decisions=[approved(form="oral", document_no="")])
    client = client_of("HQ")
    client.post("/orders/z1")
    (order,) = orders(small_site)
    assert "口头批准，待补文号" in client.get("/orders/z1/print").text
    assert "口头批准，待补文号" in client_of("").get("/public/closures").text
    assert 'data-verdict="green"' in scan(client_of(""), order).text


def test_an_approval_edited_in_the_database_is_published_nowhere(client_of, take, small_site):
    take("n2", decisions=[says("epidemic_hq", "refused", at=datetime.now(UTC))])
    with transaction(small_site.store, writes=True) as connection:
        connection.exec_driver_sql("UPDATE closure_decisions SET decision = 'approved'")
        assert list_closures(connection)[0].decisions[0].decision == "approved"
    client = client_of("")
    assert client.get("/public/closures.geojson").json["features"] == []
    assert client.get("/public/closures/z1").status_code == 404


def test_printing_an_order_opens_no_other_township_s_closure(client_of, take):
    take("n2", decisions=[approved()], requested_by="西镇")
    township = client_of("TW")
    assert township.post("/orders/z1").status_code == 303
    assert township.get("/township/closures/z1").status_code == 404


def test_the_order_is_offered_only_where_one_can_be_signed(client_of, take):
    take("n2", decisions=[approved()])
    take("v1", id="z2", barrier="wall", decisions=[approved()])
    client = client_of("HQ")
    assert "/orders/z1/print" in client.get("/closures/z1").text
    assert "/orders/z2/print" not in client.get("/closures/z2").text
    assert "硬隔离" in client.get("/orders/z2/print").text
