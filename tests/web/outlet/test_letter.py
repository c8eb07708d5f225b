"""What is sent names nobody, is signed as Standard Webhooks asks, and keeps its form whatever is filled in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from geodata.message_settings import OCCASIONS, Outlet
from tests.pass_applications import NOW
from web.outlet.letter import Letter, request_of
from web.wording.driver_messages import TEXTS

LETTER = Letter("k1", "issued", "13800000000", "豫R12345", "411399000001", "https://a/d/s", '他说"好",{phone}\n')
HOOK = Outlet("hook", "https://a.example/in", "secret")
SECRET = "0123456789abcdef"


def test_a_webhook_gets_one_document_of_pass_phone_and_link():
    request = request_of(LETTER, HOOK, SECRET, at=NOW)
    document = json.loads(request.body)
    assert (document["type"], document["timestamp"]) == ("pass.issued", "2022-07-01T00:00:00Z")
    assert set(document["data"]) == {"phone", "plate", "number", "link", "text"}
    assert request.headers["Idempotency-Key"] == request.headers["webhook-id"] == "k1"


@pytest.mark.parametrize("secret", [SECRET, "whsec_" + base64.b64encode(SECRET.encode()).decode()])
def test_the_signature_holds_over_id_time_and_body(secret):
    request = request_of(LETTER, HOOK, secret, at=NOW)
    signed = f"k1.{int(NOW.timestamp())}.".encode() + request.body
    expected = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"


def test_a_gateways_own_form_is_filled_and_never_broken():
    body = {"to": ["+86{phone}"], "params": {"text": "{text}"}, "times": 1}
    sms = replace(HOOK, kind="sms", body=body, headers={"Authorization": "Bearer {secret}"})
    request = request_of(LETTER, sms, SECRET, at=NOW)
    assert json.loads(request.body) == {"to": ["+8613800000000"], "params": {"text": LETTER.text}, "times": 1}
    assert request.headers["Authorization"] == f"Bearer {SECRET}"


def test_a_form_is_written_as_browsers_write_it():
    sms = replace(HOOK, kind="sms", content="form", body={"mobile": "{phone}", "msg": "{text}&x=1"})
    request = request_of(LETTER, sms, SECRET, at=NOW)
    assert parse_qs(request.body.decode()) == {"mobile": ["13800000000"], "msg": [LETTER.text + "&x=1"]}


def test_every_occasion_has_its_text_in_both_languages():
    assert set(TEXTS) == set(OCCASIONS)
    facts = {"issuer": "交通运输部门", "plate": "豫R12345", "number": "411399000001", "link": "L"}
    texts = [TEXTS[one].text(lang, facts) for one in OCCASIONS for lang in ("zh", "en")]
    assert all("豫R12345" in text and text.endswith("L") and "{" not in text for text in texts)
