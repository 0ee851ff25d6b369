"""Sentinels: secrets and personal values do not survive a recording, equalities do."""

import json
import uuid
from typing import Any

import pytest

from adsmock.mockserver.recorder.message import Answer, Message
from adsmock.mockserver.recorder.pseudonym import Pseudonyms
from adsmock.mockserver.recorder.redact import Redactor

JSON = [("Content-Type", "application/json")]

BODY: dict[str, Any] = {
    "access_token": "Atza|SentinelAccess01",
    "refresh_token": "Atzr|SentinelRefresh02",
    "client_secret": "amzn1.oa2-cs.v1.sentinel03",
    "campaigns": [
        {
            "campaignId": "481726354091827",
            "portfolioId": 918273645546372,
            "name": "Sentinel Kettle Spring 06",
            "tags": {"OwnerSentinel07": "Jane Sentinel08"},
            "budget": {"budget": 7391.25, "budgetType": "DAILY"},
            "brandName": "Sentinel09 & Söhne",
            "asin": "B0SNT1NL10",
            "sku": "SKU-SENTINEL-11",
            "ownerEmail": "jane.sentinel12@example.com",
            "keywordText": "sentinel13 kettle",
            "headline": "Buy Sentinel14 today",
            "url": "https://bucket.example.com/sentinel15/file.gz?X-Amz-Signature=sentinel16",
            "landingPage": "https://www.sentinel17.example/shop",
            "unknownMember": "Sentinel18 value",
            "unknownNumber": 83915726,
            "cost": "6612.75",
            "nextToken": "U2VudGluZWwxOQ==",
            "accountName": "センチネル２０",
        }
    ],
    "message": "Campaign 481726354091827 of Sentinel21 GmbH is unknown",
    "errors": [
        {
            "errorValue": {
                "duplicateValueError": {
                    "message": "Sentinel22Group exists",
                    "cause": {"location": "$.campaigns[0]"},
                }
            }
        }
    ],
    "461092837465": {"code": "OK"},
    "nested": '{"name": "Sentinel23 in JSON"}',
    "password": "sentinel24",
}

SENTINELS = (
    "SentinelAccess01", "SentinelRefresh02", "sentinel03", "481726354091827", "918273645546372",
    "Sentinel Kettle", "OwnerSentinel07", "Sentinel08", "Sentinel09", "Söhne", "B0SNT1NL10",
    "SENTINEL-11", "sentinel12", "example.com", "sentinel13", "Sentinel14", "sentinel15",
    "sentinel16", "sentinel17", "Sentinel18", "83915726", "7391.25", "6612.75",
    "U2VudGluZWwxOQ==", "センチネル", "Sentinel21", "Sentinel22", "461092837465", "Sentinel23",
    "sentinel24", "BearerSentinel25", "sentinel26", "app.sentinel27", "sentinel28",
    "735182946", "sentinel29cookie", "sentinel30",
)  # fmt: skip

MESSAGE = Message(
    "GET",
    "advertising-api.amazon.com",
    "/sentinel28/735182946/sd/campaigns?email=sentinel26%40example.com&X-Amz-Signature=sentinel30"
    "&campaignIdFilter=481726354091827",
    [
        ("Authorization", "Bearer BearerSentinel25"),
        ("Amazon-Advertising-API-ClientId", "amzn1.application-oa2-client.app.sentinel27"),
        ("Amazon-Advertising-API-Scope", "481726354091827"),
        ("Cookie", "session=sentinel29cookie"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ],
    b"grant_type=refresh_token&refresh_token=Atzr|SentinelRefresh02",
)


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(Pseudonyms(b"key"))


@pytest.fixture
def entry(redactor):
    answer = Answer(
        200, "OK", [*JSON, ("Set-Cookie", "x=sentinel29cookie")], json.dumps(BODY).encode()
    )
    return redactor.entry(MESSAGE, answer, 1_795_780_800.0, 0.12)


def test_there_are_at_least_thirty_sentinels() -> None:
    assert len(SENTINELS) >= 30
    whole = json.dumps(BODY, ensure_ascii=False) + MESSAGE.target + str(MESSAGE.headers)
    assert [each for each in SENTINELS if each not in whole] == []


def test_no_sentinel_survives(entry) -> None:
    text = json.dumps(entry, ensure_ascii=False).lower()

    assert [each for each in SENTINELS if each.lower() in text] == []
    assert "sentinel" not in text


def test_equal_ids_stay_equal_wherever_they_occur(entry) -> None:
    body = json.loads(entry["response"]["content"]["text"])
    row = body["campaigns"][0]
    scope = next(
        each["value"]
        for each in entry["request"]["headers"]
        if each["name"] == "Amazon-Advertising-API-Scope"
    )

    assert row["campaignId"] == scope
    assert row["campaignId"] in body["message"]
    assert {"name": "campaignIdFilter", "value": scope} in entry["request"]["queryString"]
    assert isinstance(row["portfolioId"], int)


def test_length_and_form_stay(entry) -> None:
    row = json.loads(entry["response"]["content"]["text"])["campaigns"][0]
    before = BODY["campaigns"][0]

    assert {
        len(row[name]) - len(before[name]) for name in ("name", "asin", "sku", "ownerEmail")
    } == {0}
    assert row["asin"].startswith("B0")
    assert row["ownerEmail"].count("@") == 1
    assert row["campaignId"].isdigit()
    assert row["sku"][3] == row["sku"][12] == "-"


def test_what_the_contracts_know_stays(entry) -> None:
    body = json.loads(entry["response"]["content"]["text"])

    assert body["campaigns"][0]["budget"]["budgetType"] == "DAILY"
    assert list(body["campaigns"][0]) == list(BODY["campaigns"][0])
    assert body["message"].startswith("Campaign ")
    assert entry["request"]["postData"]["text"] == "grant_type=refresh_token&refresh_token=dropped"


def test_a_new_value_of_an_enumeration_stays(redactor) -> None:
    assert redactor.value({"state": "HIBERNATING"}) == {"state": "HIBERNATING"}
    assert redactor.value({"startDate": "2026-11-30"}) == {"startDate": "2026-11-30"}


def test_amounts_stay_where_the_user_wants_them() -> None:
    redactor = Redactor(Pseudonyms(b"key"), keep_amounts=True)

    assert redactor.value({"budget": 12.5, "clicks": 3}) == {"budget": 12.5, "clicks": 3}
    assert Redactor(Pseudonyms(b"key")).value({"budget": 12.5, "clicks": 3}) == {
        "budget": 1.5,
        "clicks": 1,
    }


def test_another_key_gives_other_pseudonyms() -> None:
    one, other = (Pseudonyms(key).text("481726354091827") for key in (b"a", b"b"))

    assert one != other
    assert one == Pseudonyms(b"a").text("481726354091827")
    assert Pseudonyms(b"a").number(481726354091827) == int(one)


def test_a_body_that_is_no_json_keeps_only_known_words(redactor) -> None:
    page = b"<html><body>Access Denied for Sentinel GmbH, request 83915726</body></html>"

    entry = redactor.entry(MESSAGE, Answer(403, "Forbidden", [], page), 0.0, 0.0)

    text = entry["response"]["content"]["text"]
    assert "Sentinel" not in text
    assert "83915726" not in text


def test_a_uuid_stays_a_uuid() -> None:
    text = Pseudonyms(b"key").text("4b47565f-1e46-456e-8a98-4264b3c85ec4")

    assert str(uuid.UUID(text)) == text
    assert text != "4b47565f-1e46-456e-8a98-4264b3c85ec4"
