"""What county.toml says of outlets is read as it is meant, and nothing leaves unencrypted by a slip of the pen."""

from __future__ import annotations

import tomllib

import pytest

from geodata.errors import BadInputError
from geodata.message_settings import MessageSettings, read_message_settings

SMS = """
[messages]
give_up_after_h = 2
[[outlet]]
id = "sms"
kind = "sms"
url = "https://gateway.example/v1/send"
secret_file = "/etc/baotong/sms"
occasions = ["issued", "cut"]
body = {to = "{phone}", message = {text = "{text}"}}
headers = {Authorization = "Bearer {secret}"}
accepted = {code = "OK"}
"""


def read(text):
    return read_message_settings(tomllib.loads(text), where="county.toml")


def refusal(change, to):
    with pytest.raises(BadInputError) as caught:
        read(SMS.replace(change, to))
    return caught.value.code, caught.value.where.removeprefix("county.toml: ")


def test_a_county_without_outlets_tells_by_telephone():
    assert read("") == MessageSettings()


def test_an_outlet_is_read_with_its_templates():
    settings = read(SMS)
    outlet = settings.outlet("sms")
    assert (settings.give_up_after_h, outlet.kind, outlet.body["to"]) == (2, "sms", "{phone}")
    assert outlet.tells("cut")
    assert not outlet.tells("renewed")


@pytest.mark.parametrize("url", ["http://gateway.example/", "ftp://a.example/", "https://", "https://a:b@c.example/"])
def test_an_address_that_gives_numbers_away_is_refused(url):
    assert refusal("https://gateway.example/v1/send", url) == ("outlet-address-unsafe", "outlet[0].url")


def test_this_machine_itself_may_be_reached_without_encryption():
    assert read(SMS.replace("https://gateway.example", "http://127.0.0.1:8080")).outlets


@pytest.mark.parametrize("name", ["id_number", "phone.__class__", "0", ""])
def test_a_template_names_only_what_a_message_says(name):
    assert refusal("{phone}", f"{{{name}}}") == ("outlet-placeholder-unknown", "outlet[0].body")


def test_what_cannot_be_an_outlet_is_refused_with_its_key():
    assert refusal('kind = "sms"', 'kind = "fax"') == ("policy-value-unknown", "outlet[0].kind")
    assert refusal("body =", "text =") == ("policy-key-unknown", "outlet[0].text")
    assert refusal("body =", "#") == ("outlet-without-body", "outlet[0].body")
    assert refusal('"issued", ', '"lost", ') == ("policy-value-unknown", "outlet[0].occasions")
    assert refusal("give_up_after_h", "give_up") == ("policy-key-unknown", "messages.give_up")
    assert refusal('headers = {Authorization = "Bearer {secret}"}', "headers = 1")[0] == "settings-value-wrong-kind"


def test_two_outlets_have_two_ids():
    with pytest.raises(BadInputError, match="outlet-id-twice"):
        read(SMS + SMS.partition("give_up_after_h = 2")[2])
