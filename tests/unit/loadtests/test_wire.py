import json
from urllib.parse import parse_qs

import pytest

from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.wire import Wire
from tests.unit.loadtests.fixtures import BASE, ManualClock, NoChance, plan

PLACE = ("NA", BASE, "17")


class Reply:
    def __init__(self, status, text="", headers=None):
        self.status_code = status
        self.text = text
        self.headers = headers or {}
        self.request_meta = {}
        self.is_success = False

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        return None

    def success(self):
        self.is_success = True


class Session:
    """Replaces Locust's session: records the request and returns a fixed reply."""

    def __init__(self, reply):
        self.reply = reply
        self.sent = {}

    def request(self, method, url, **rest):
        self.sent = {"method": method, "url": url, **rest}
        self.reply.request_meta["name"] = rest["name"]
        return self.reply


def wire_to(reply):
    session, shared = Session(reply), SharedState(plan(), ManualClock(), NoChance())
    return Wire(session, shared), session, shared.counters


def test_token_is_asked_for_with_the_refresh_grant():
    wire, session, _counters = wire_to(Reply(200, '{"access_token": "t", "expires_in": 3600}'))
    assert wire.token("NA", BASE) == ("t", 3600.0)
    assert session.sent["url"] == BASE + "/auth/o2/token"
    assert parse_qs(session.sent["data"]) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["refresh"],
        "client_id": ["client"],
        "client_secret": ["secret"],
    }


@pytest.mark.parametrize("reply", [Reply(429), Reply(400, '{"error": "x"}'), Reply(0, None)])
def test_a_refused_token_is_empty(reply):
    assert wire_to(reply)[0].token("NA", BASE) == ("", 0.0)


def test_call_is_built_from_its_contract():
    wire, session, counters = wire_to(Reply(207, '{"keywords": {}}'))
    answer = wire.call("sp.keywords.update", PLACE, "t", {"keywords": []})
    sent = session.sent
    assert (sent["method"], sent["url"]) == ("PUT", BASE + "/sp/keywords")
    assert sent["name"] == "sp.keywords.update"
    assert sent["headers"] == {
        "Authorization": "Bearer t",
        "Amazon-Advertising-API-ClientId": "client",
        "Amazon-Advertising-API-Scope": "17",
        "Accept": "application/vnd.spKeyword.v3+json",
        "Content-Type": "application/vnd.spKeyword.v3+json",
    }
    assert json.loads(sent["data"]) == {"keywords": []}
    assert answer.is_accepted
    assert counters.totals()["accepted"] == 1


def test_call_fills_the_places_of_its_path():
    wire, session, _counters = wire_to(Reply(200, "{}"))
    wire.call("exports.get", PLACE, "t", exportId="abc")
    assert session.sent["url"] == BASE + "/exports/abc"
    assert "Content-Type" not in session.sent["headers"]


def test_a_throttled_call_has_a_row_of_its_own_and_says_how_long():
    reply = Reply(429, "{}", {"Retry-After": "7"})
    wire, _session, counters = wire_to(reply)
    answer = wire.call("sp.campaigns.list", PLACE, "t", {})
    assert answer.is_throttled
    assert not answer.is_accepted
    assert answer.retry_after == "7"
    assert reply.request_meta["name"] == "sp.campaigns.list [429]"
    assert reply.is_success
    assert counters.totals() == {"accepted": 0, "throttled": 1, "failed": 0}


@pytest.mark.parametrize("text", [None, "", "<html>503</html>"])
def test_an_answer_without_json_is_an_empty_object(text):
    wire, _session, counters = wire_to(Reply(503, text))
    assert wire.call("sp.campaigns.list", PLACE, "t", {}).body == {}
    assert counters.totals()["failed"] == 1


def test_a_download_needs_nothing_but_its_address():
    wire, session, _counters = wire_to(Reply(200, "not json"))
    assert wire.download(BASE + "/file?signature=1", "NA").status == 200
    assert session.sent["headers"] == {}
