"""News of findings: what the checks find that they did not find before, and what they find no more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.store import transaction
from geodata.tickets.board_register import BoardRow, put_findings
from geodata.tickets.news_register import KEPT, last_news, news_after, note_news
from tests.closure_cases import NOON, hours

ONE = BoardRow("K1", "z1", NOON, is_found=True, township="北乡", facts={"road_name": "X903"}, since=hours(0))
OTHER = BoardRow("K6", "z2", NOON, is_found=True)


@pytest.fixture
def checks(store):
    """A function that runs the checks with what they find, and returns the connection."""
    with transaction(store, writes=True) as connection:

        def run(*rows, at=NOON):
            note_news(connection, rows, at=at)
            put_findings(connection, rows)
            return connection

        yield run


def told(connection, after=0):
    return [(one.kind, one.check_id, one.subject) for one in news_after(connection, after)]


def test_the_first_run_of_all_is_no_news(checks):
    assert told(checks(ONE, OTHER)) == []


def test_what_is_found_newly_and_what_is_gone_are_news(checks):
    checks(ONE)
    connection = checks(OTHER, at=hours(5))
    assert told(connection) == [("found", "K6", "z2"), ("gone", "K1", "z1")]


def test_the_same_findings_again_are_none_whatever_their_figures(checks):
    checks(ONE)
    assert told(checks(replace(ONE, facts={"over_min": 7}), at=hours(5))) == []


def test_a_piece_says_road_township_and_since_when(checks):
    checks(OTHER)
    (piece, _) = news_after(checks(ONE, at=hours(5)), 0)
    assert (piece.about, piece.township, piece.since, piece.at) == ("X903", "北乡", hours(0), hours(5))


def test_a_page_reads_on_from_what_it_has_seen(checks):
    checks(ONE)
    seen = last_news(checks(ONE, OTHER, at=hours(5)))
    connection = checks(ONE, at=hours(6))
    assert told(connection, seen) == [("gone", "K6", "z2")]


def test_old_news_are_thrown_away_and_numbers_go_on(checks):
    checks(ONE)
    first = last_news(checks(ONE, OTHER, at=hours(5)))
    connection = checks(ONE, at=hours(6) + KEPT + timedelta(days=1))
    (piece,) = news_after(connection, 0)
    assert piece.id > first
