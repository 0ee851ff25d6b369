"""Exports on the sandbox's clock: life, cap, URLs, files."""

import gzip
from urllib.parse import urlsplit

import orjson
import pytest

from adsmock.contracts.iso8601 import parse_utc
from adsmock.mockserver.control.serializers import entry_row
from adsmock.mockserver.core.fault import Match
from adsmock.mockserver.services.jobs.job import count_rows
from adsmock.mockserver.services.sandboxes.import_state import put_state
from tests.unit.mockserver.fixtures import EXPORT, campaign, create_server, value

TARGETS = "application/vnd.targetsexport.v1+json"


def start(server, body=None, path="/campaigns/export", media=EXPORT):
    return value(server.call(path, body or {}, media=media))["exportId"]


def look(server, export, **headers):
    return server.call(f"/exports/{export}", b"", "GET", **({"media": EXPORT} | headers))


def fetch(server, url):
    target = urlsplit(url)
    return server.send("GET", f"/_storage{target.path}?{target.query}")


def rows(server, url):
    return orjson.loads(gzip.decompress(fetch(server, url).body))


def test_export_takes_its_time_and_then_brings_a_file():
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign("A"), campaign("B", state="PAUSED")]})
    export = start(server)
    assert value(look(server, export))["status"] == "IN_PROGRESS"

    server.sandbox.clock.advance(10)
    done = value(look(server, export))

    assert done["status"] == "COMPLETED"
    assert done["fileSize"] == len(fetch(server, done["url"]).body)
    assert [row["name"] for row in rows(server, done["url"])] == ["A", "B"]


def test_a_full_journal_shows_how_many_rows_a_downloaded_file_has():
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign("A"), campaign("B")]})
    export = start(server)
    server.sandbox.clock.advance(10)
    url = value(look(server, export))["url"]

    rows = []
    for mode in ("lean", "full"):
        server.sandbox.journal.mode = mode
        fetch(server, url)
        rows.append(entry_row(server.sandbox.journal.latest).get("rows"))

    assert rows == [None, 2]


def test_rows_are_counted_in_small_json_files_only():
    files = [b"[1,2,3]", b"[]", b'{"a":1}', b"a,b\r\n", b"[" + b"1," * (1 << 20) + b"1]"]

    counts = [count_rows(gzip.compress(each)) for each in files]

    assert counts == [3, 0, None, None, None]
    assert count_rows(b"[1]") is count_rows(gzip.compress(b"[1]")[:-9]) is None


def test_export_shows_the_account_as_it_was_when_asked():
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign("before")]})
    export = start(server)
    server.call("/sp/campaigns", {"campaigns": [campaign("after")]})
    server.sandbox.clock.advance(10)

    names = [row["name"] for row in rows(server, value(look(server, export))["url"])]

    assert names == ["before"]


def test_each_look_brings_a_fresh_url_that_lives_an_hour():
    server = create_server()
    export = start(server)
    server.sandbox.clock.advance(10)
    first, second = (value(look(server, export)) for _ in range(2))
    assert first["url"] != second["url"]
    assert parse_utc(first["urlExpiresAt"]) == server.sandbox.clock.now() + 3600

    server.sandbox.clock.advance(3601)
    dead = fetch(server, first["url"])

    assert (dead.status, dead.content_type) == (403, "application/xml")
    assert b"<Message>Request has expired</Message>" in dead.body
    assert fetch(server, value(look(server, export))["url"]).status == 200


def test_export_is_gone_after_its_day():
    server = create_server()
    export = start(server)
    server.sandbox.clock.advance(10)
    assert look(server, export).status == 200

    server.sandbox.clock.advance(24 * 3600)

    assert look(server, export).status == 404


def test_sixth_export_of_one_kind_is_refused_and_another_kind_is_not():
    server = create_server()
    for _ in range(5):
        start(server)

    assert server.call("/campaigns/export", {}, media=EXPORT).status == 429
    assert server.call("/targets/export", {}, media=TARGETS).status == 202
    server.sandbox.clock.advance(10)
    assert server.call("/campaigns/export", {}, media=EXPORT).status == 202


@pytest.mark.parametrize(
    ("kind", "status"), [("async-stuck", "IN_PROGRESS"), ("async-fail", "FAILED")]
)
def test_async_faults_decide_how_an_export_ends(kind, status):
    server = create_server()
    server.plan(kind)
    export = start(server)

    server.sandbox.clock.advance(10_000)
    done = value(look(server, export))

    assert done["status"] == status
    assert ("error" in done) is (status == "FAILED")


def test_url_expired_fault_kills_one_url_for_good_and_a_fresh_one_works():
    server = create_server()
    export = start(server)
    server.sandbox.clock.advance(10)
    server.plan("url-expired", times=1, match=Match(operation=("storage.get",)))
    url = value(look(server, export))["url"]

    assert [fetch(server, url).status for _ in range(2)] == [403, 403]
    assert fetch(server, value(look(server, export))["url"]).status == 200


def test_look_refuses_the_media_type_of_another_kind():
    server = create_server()
    export = start(server)

    assert look(server, export, Accept=TARGETS).status == 406
    assert look(server, export, Accept="*/*").content_type == EXPORT


def test_look_takes_a_list_of_media_types_with_the_right_one():
    server = create_server()
    export = start(server)

    wanted = f"{EXPORT}, application/json;q=0.9"
    assert look(server, export, Accept=wanted).content_type == EXPORT
    assert look(server, export, Accept=f"{TARGETS}, application/json;q=0.9").status == 406


def test_filters_choose_by_state_level_and_type():
    server = create_server()
    campaigns = server.call("/sp/campaigns", {"campaigns": [campaign("A", targetingType="AUTO")]})
    owner = value(campaigns)["campaigns"]["success"][0]["campaignId"]
    group = {"campaignId": owner, "name": "g", "defaultBid": 1.0, "state": "ENABLED"}
    media = "application/vnd.spAdGroup.v3+json"
    assert server.call("/sp/adGroups", {"adGroups": [group]}, media=media).status == 207
    body = {"targetTypeFilter": ["AUTO"], "targetLevelFilter": ["AD_GROUP"]}
    wanted = start(server, body, "/targets/export", TARGETS)
    none = start(server, {"targetTypeFilter": ["KEYWORD"]}, "/targets/export", TARGETS)
    server.sandbox.clock.advance(10)

    def got(export):
        return rows(server, value(look(server, export, media=TARGETS))["url"])

    matches = {row["targetDetails"]["matchType"] for row in got(wanted)}
    assert matches == {
        "SEARCH_CLOSE_MATCH",
        "SEARCH_LOOSE_MATCH",
        "PRODUCT_SUBSTITUTES",
        "PRODUCT_COMPLEMENTS",
    }
    assert got(none) == []


def test_same_entities_give_the_same_bytes():
    def made():
        server = create_server()
        server.call("/sp/campaigns", {"campaigns": [campaign("A")]})
        export = start(server)
        server.sandbox.clock.advance(10)
        return fetch(server, value(look(server, export))["url"]).body

    assert made() == made()


@pytest.mark.parametrize(
    ("path", "media"), [("/campaigns/export", EXPORT), ("/targets/export", TARGETS)]
)
def test_what_is_in_an_ended_portfolio_is_exported_as_not_delivering(path, media):
    server = create_server()
    budget = {"policy": "DATE_RANGE", "amount": 100.0, "currencyCode": "USD"}
    budget |= {"startDate": "2026-07-01", "endDate": "2026-07-02"}
    portfolio = {"name": "Summer", "state": "ENABLED", "budget": budget}
    under = {"state": "ENABLED", "campaignId": "11", "adGroupId": "12"}
    entities = {
        "portfolios": [portfolio | {"portfolioId": "10"}],
        "sp.campaigns": [campaign(campaignId="11", portfolioId="10")],
        "sp.adGroups": [under | {"name": "g", "defaultBid": 1.0}],
        "sp.keywords": [under | {"keywordText": "shoe", "matchType": "EXACT"}],
    }
    state = {"profiles": {server.profile().id: entities}}
    put_state(server.sandbox, server.runtime.resources, state)
    server.sandbox.clock.advance(3 * 86_400)
    export = start(server, path=path, media=media)
    server.sandbox.clock.advance(10)

    (row,) = rows(server, value(look(server, export, media=media))["url"])

    assert row["deliveryStatus"] == "NOT_DELIVERING"
    assert row["deliveryReasons"][0] == "PORTFOLIO_END_DATE_REACHED"


def test_a_large_file_is_made_in_turns_and_is_the_same(monkeypatch):
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign(str(number)) for number in range(7)]})
    slices = []

    def slices_in_turns(rows):
        slices.append(list(rows))
        return iter(slices)

    monkeypatch.setattr(
        "adsmock.mockserver.services.exports.requests.slices_in_turns", slices_in_turns
    )
    small = start(server)
    monkeypatch.setattr("adsmock.mockserver.services.jobs.job.INLINE_ROWS", 6)
    assert slices == []
    large = start(server)
    assert list(map(len, slices)) == [7]
    server.sandbox.clock.advance(10)
    urls = [value(look(server, each))["url"] for each in (small, large)]
    assert rows(server, urls[0]) == rows(server, urls[1])
    assert len(rows(server, urls[1])) == 7
