"""Messages leave by a real gateway: once where it takes them, again after a pause where it does not, and never lost."""

from __future__ import annotations

import json
import threading
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from geodata.errors import SurroundingsError
from geodata.message_settings import MessageSettings, Outlet
from geodata.store import transaction
from passes.editions.suspending import suspend_pass
from passes.messages.message_register import LEASE, find_message, take_messages
from passes.messages.telling_register import tell_events
from tests.gateway import a_gateway
from tests.issued_today import issue_today
from web.outlet.post import post_once, post_until, post_waiting, read_secret
from web.site import Site


class LaterSite(Site):
    """A site whose clock goes ahead."""

    ahead = timedelta()

    def now(self):
        return super().now() + self.ahead


def later(site, **ahead):
    late = LaterSite(**{one.name: getattr(site, one.name) for one in fields(site)})
    object.__setattr__(late, "ahead", timedelta(**ahead))
    return late


@pytest.fixture
def sent_by(small_site, tmp_path):
    """Return a function that gives the site an outlet at an address, with one pass issued."""

    def site_with(url, *, timeout_s=60, **changes):
        secret = tmp_path / "secret"
        secret.write_text("0123456789abcdef\n")
        secret.chmod(0o600)
        outlet = Outlet("sms", url, str(secret), "sms", timeout_s=timeout_s, body={"to": "{phone}", "text": "{text}"})
        messages = replace(MessageSettings(outlets=(outlet,)), **changes)
        settings = replace(small_site.county.settings, messages=messages)
        return replace(small_site, county=replace(small_site.county, settings=settings))

    return site_with


def message(site, message_id=1):
    with transaction(site.store, writes=False) as connection:
        return find_message(connection, message_id)


def test_what_happens_to_a_pass_arrives_with_its_link(sent_by, small_site):
    number = issue_today(small_site)
    with a_gateway() as gateway:
        site = sent_by(gateway.url)
        assert post_waiting(site) == 1
    body = json.loads(gateway.came[0][1])
    assert body["to"] == "13800000000"
    assert number in body["text"]
    assert f"{site.county.settings.public_url}/d/" in body["text"]
    assert (message(site).state, message(site).sealed) == ("delivered", b"")
    assert post_waiting(site) == 0


def test_a_gateway_that_fails_is_asked_again_after_a_pause_under_the_same_key(sent_by, small_site):
    issue_today(small_site)
    with a_gateway((500, b""), (503, b""), (200, b"")) as gateway:
        site = sent_by(gateway.url)
        assert (post_waiting(site), message(site).problem) == (0, "status-500")
        assert (post_waiting(site), len(gateway.came)) == (0, 1)
        assert (post_waiting(later(site, seconds=10)), message(site).problem) == (0, "status-503")
        assert post_waiting(later(site, seconds=60)) == 1
    assert len(gateway.came) == 3
    assert len(set(gateway.keys())) == 1


def test_a_sender_that_died_after_sending_sends_the_very_same_again(sent_by, small_site):
    issue_today(small_site)
    with a_gateway() as gateway:
        site = sent_by(gateway.url)
        with transaction(site.store, writes=True) as connection:  # taken, sent, and then the machine went down
            tell_events(connection, site.county.settings.messages, site.encryption_key, at=site.now())
            (taken,) = take_messages(connection, "dead", at=site.now(), most=1)
        post_once(later(site, seconds=LEASE.total_seconds() + 1), "other")
        post_once(later(site, seconds=LEASE.total_seconds() + 2), "other")
    assert gateway.keys() == [taken.key]


def test_a_gateway_that_hangs_holds_nothing_up(sent_by, small_site):
    issue_today(small_site)
    with a_gateway("hang") as gateway:
        site = sent_by(gateway.url, timeout_s=1)
        post_waiting(site)
    assert (message(site).state, message(site).problem) == ("waiting", "timeout")


def test_it_is_given_up_in_sight_after_the_hours_of_the_policy(sent_by, small_site):
    issue_today(small_site)
    with a_gateway((500, b"")) as gateway:
        site = sent_by(gateway.url, give_up_after_h=0.5)
        post_waiting(site)
        post_waiting(later(site, minutes=31))
    assert (message(site).state, len(gateway.came)) == ("failed", 1)


def test_a_missing_secret_is_said_and_nothing_is_sent_unsigned(sent_by, small_site, tmp_path):
    issue_today(small_site)
    with a_gateway() as gateway:
        site = sent_by(gateway.url)
        (tmp_path / "secret").unlink()
        post_waiting(site)
    assert (message(site).problem, gateway.came) == ("outlet-secret-missing", [])


def test_a_secret_that_others_may_read_or_that_is_none_is_refused(tmp_path):
    path = tmp_path / "secret"
    for text, mode, code in (("a" * 16, 0o644, "too-open"), ("short", 0o600, "unreadable"), ("é" * 16, 0o600, "unre")):
        path.write_text(text)
        path.chmod(mode)
        with pytest.raises(SurroundingsError, match=f"outlet-secret-{code}"):
            read_secret(path)


def test_the_thread_sends_what_happens_while_it_runs(sent_by, small_site):
    with a_gateway() as gateway:
        site, stopped = sent_by(gateway.url), threading.Event()
        thread = threading.Thread(target=post_until, args=(site, stopped))
        thread.start()
        number = issue_today(small_site)
        with transaction(site.store, writes=True) as connection:
            suspend_pass(connection, number, reason="x", at=site.now() + timedelta(seconds=1))
        for _ in range(100):
            if gateway.came and "暂停" in gateway.came[-1][1].decode():
                break
            stopped.wait(0.1)
        stopped.set()
        thread.join()
    assert "暂停" in json.loads(gateway.came[-1][1])["text"]
