"""One call with its attempts, its fault rule and what refused it."""

import pytest

from tests.unit.mockserver.fixtures import campaign


def details(control, number):
    return control.do("journal.call", call=str(number))


@pytest.fixture
def stormy(control):
    """A token, two refused attempts, a success, the same request again."""
    control.do(
        "faults.put",
        {
            "match": {"operation": ["sp.campaigns.list"]},
            "when": {"times": 2},
            "effect": {"kind": "http", "status": 429, "retryAfter": 5},
        },
        fault="storm",
    )
    for _ in range(4):
        control.server.call("/sp/campaigns/list", {})
        control.do("clock.advance", {"seconds": 7})
    return control


def test_the_attempts_end_with_the_first_success(stormy):
    for number in (2, 3, 4):
        found = details(stormy, number)
        assert [row["seq"] for row in found["attempts"]] == [2, 3, 4]
        assert [row["status"] for row in found["attempts"]] == [429, 429, 200]
        assert [row.get("waitedSandbox") for row in found["attempts"]] == [None, 7.0, 7.0]
        assert found["repeats"] == 4
    assert [row["seq"] for row in details(stormy, 5)["attempts"]] == [5]


def test_the_rule_that_acted_is_shown_while_it_exists(stormy):
    assert details(stormy, 2)["rule"]["id"] == "storm"
    assert details(stormy, 4)["rule"] is None
    stormy.do("faults.clear")
    found = details(stormy, 2)
    assert (found["rule"], found["call"]["fault"]["id"]) == (None, "storm")


def test_a_throttled_call_names_its_quota(control):
    control.do("throttle.put", {"quotas": {"sp.read": {"rate": 1, "burst": 1}}})
    for _ in range(2):
        control.server.call("/sp/campaigns/list", {})
    found = details(control, 3)["call"]
    assert found["status"] == 429
    refusal = found["refusal"]
    assert (refusal["kind"], refusal["quota"], refusal["region"]) == ("throttled", "sp.read", "NA")
    assert (refusal["rate"], refusal["burst"]) == (1, 1)
    assert refusal["wait"] > 0
    assert "refusal" not in details(control, 2)["call"]


def test_headers_of_both_sides_are_recorded_without_secrets(control):
    server = control.server
    more = {"X-Trace": "abc", "X-Vault-Token": "s.ecret-value", "Cookie": "sid=12345678"}
    server.send("POST", "/sp/campaigns/list", b"{}", server.headers() | more)
    found = details(control, 2)["call"]
    assert found["headers"]["x-trace"] == "abc"
    assert found["headers"]["authorization"] == f"Bearer {found['token']}"
    assert found["headers"]["x-vault-token"].startswith("tok-")
    assert found["replyHeaders"]["Content-Type"] == "application/json"
    assert found["requestId"] in found["replyHeaders"].values()
    text = str(found)
    for secret in (server.token, "s.ecret-value", "12345678"):
        assert secret not in text


def test_the_mode_of_the_journal_can_be_changed(control):
    assert control.do("journal.put", {"mode": "lean"}) == {"mode": "lean"}
    control.server.call("/sp/campaigns", {"campaigns": [campaign()]})
    control.do("journal.put", {"mode": "full"})
    control.server.call("/sp/campaigns", {"campaigns": [campaign("b")]})
    lean, full = (row for row in control.do("journal.get")["entries"] if row["items"])
    assert (lean["request"], lean["headers"], "replyHeaders" in lean) == (None, {}, False)
    assert full["request"] == {"campaigns": [campaign("b")]}
    assert lean["failedItems"] == full["failedItems"] == 0
    assert control.refuse("journal.put", {"mode": "fulll"})["pointer"] == "/mode"


@pytest.mark.parametrize("number", ["99", "x", "-1", "9" * 5000, "²"])
def test_an_unknown_call_is_refused_with_the_range_of_those_known(stormy, number):
    refused = stormy.refuse("journal.call", call=number)
    assert refused["status"] == 404
    assert "known: 1 to 5" in refused["detail"]
