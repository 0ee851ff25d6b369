"""Journals over the control plane: pages, filters, lines, events, archive, claims."""

import orjson
import pytest
from ruamel.yaml import YAML

from adsmock.harness.fidelity.formats import read
from adsmock.mockserver.control.event_stream import INTERVAL, LIFETIME, MAX_STREAMS
from adsmock.mockserver.control.routes import BY_ID
from adsmock.mockserver.control.schema import check
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import campaign

PATH = "/_mock/v1/sandboxes/t1/journal"


@pytest.fixture
def busy(control):
    """Five calls: a token, a create, a throttled create, a list, an unknown path."""
    server = control.server
    server.call("/sp/campaigns", {"campaigns": [campaign()]})
    control.do(
        "faults.put", {"effect": {"kind": "http", "status": 429, "retryAfter": 3}}, fault="f1"
    )
    server.call("/sp/campaigns", {"campaigns": [campaign("again")]})
    control.do("faults.clear")
    server.call("/sp/campaigns/list", {})
    server.call("/sp/nothing", {})
    return control


def seqs(control, **query):
    return [row["seq"] for row in control.do("journal.get", query=query)["entries"]]


def test_an_entry_tells_what_was_seen_and_hides_secrets(busy):
    entries = busy.do("journal.get")["entries"]
    throttled = entries[2]
    assert throttled["operation"] == "sp.campaigns.create"
    assert throttled["status"] == 429
    assert throttled["retryAfter"] == "3"
    assert throttled["fault"]["id"] == "f1"
    assert throttled["request"] == {"campaigns": [campaign("again")]}
    assert throttled["token"].startswith("tok-")
    assert throttled["ended"] == "complete"
    text = orjson.dumps(entries).decode()
    own = busy.sandbox.credentials
    for secret in (own.client_secret, own.refresh_token, busy.server.token):
        assert secret not in text


def test_pages_join_to_the_whole(busy):
    whole = seqs(busy)
    cursor, joined = 0, []
    for _ in range(10):
        page = busy.do("journal.get", query={"cursor": cursor, "limit": 2})
        joined += [row["seq"] for row in page["entries"]]
        cursor = page["next"]
    assert joined == whole == [1, 2, 3, 4, 5]


def test_the_cursor_moves_past_entries_that_a_filter_hides(busy):
    page = busy.do("journal.get", query={"operation": "lwa.token"})
    assert (len(page["entries"]), page["next"]) == (1, 5)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"operation": "sp.campaigns.*"}, [2, 3, 4]),
        ({"operation": "sp.campaigns.list"}, [4]),
        ({"status": "429"}, [3]),
        ({"status": "4xx"}, [3, 5]),
        ({"fault": "f*"}, [3]),
        ({"region": "EU"}, []),
        ({"region": "NA", "status": "2xx", "cursor": "1"}, [2, 4]),
        ({"profileId": "1"}, []),
    ],
)
def test_filters_keep_what_they_name(busy, query, expected):
    assert seqs(busy, **query) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"status": "4x"},
        {"status": "abc"},
        {"limit": "0"},
        {"limit": "10001"},
        {"cursor": "-1"},
        {"cursor": "9" * 40},
        {"region": "XX"},
        {"format": "xml"},
        {"operatoin": "x"},
    ],
)
def test_a_bad_query_is_refused_and_named(busy, query):
    assert busy.refuse("journal.get", query=query)["pointer"] == f"/{next(iter(query))}"


def test_lines_are_the_entries(busy):
    reply = busy.client.get(PATH, headers={"Accept": "application/x-ndjson"})
    assert reply.content_type == "application/x-ndjson"
    lines = [orjson.loads(line) for line in reply.data.splitlines()]
    assert lines == busy.do("journal.get")["entries"]
    assert busy.client.get(f"{PATH}?format=ndjson&status=429").data.count(b"\n") == 1


def events(chunks):
    found = []
    for block in b"".join(chunks).decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line != ":")
        if "data" in fields:
            found.append((int(fields["id"]), orjson.loads(fields["data"])["seq"]))
    return found


def follow(control, **headers):
    accept = {"Accept": "text/event-stream", **headers}
    return control.client.get(PATH, headers=accept)


def test_events_follow_and_go_on_where_the_reader_was(busy):
    reply = follow(busy)
    assert reply.content_type == "text/event-stream; charset=utf-8"
    assert events(reply.response) == [(number, number) for number in range(1, 6)]
    assert events(follow(busy, **{"Last-Event-ID": "3"}).response) == [(4, 4), (5, 5)]


def test_events_tell_of_calls_that_come_later(busy):
    chunks = iter(follow(busy).response)
    seen = [next(chunks) for _ in range(7)]
    busy.server.call("/sp/campaigns/list", {})
    assert len(events(seen)) == 5
    assert [seq for _, seq in events(chunks)] == [6]


def test_an_open_call_is_reported_when_it_ends_and_holds_no_other_back(busy):
    journal = busy.sandbox.journal
    unfinished = list(journal.rows())[1]
    unfinished.ended = "open"
    chunks = iter(follow(busy).response)
    seen = [next(chunks) for _ in range(6)]
    assert [seq for _, seq in events(seen)] == [1, 3, 4, 5]
    assert {resume for resume, _ in events(seen)} == {1}
    unfinished.ended = "reset"
    assert events(chunks) == [(5, 2)]


def test_a_stream_ends_by_itself_and_gives_its_place_back(busy):
    for _ in range(MAX_STREAMS + 1):
        chunks = list(follow(busy).response)
        assert chunks.count(b"") <= round(LIFETIME / INTERVAL)


def test_too_many_followers_are_refused(busy):
    held = [follow(busy) for _ in range(MAX_STREAMS)]
    for reply in held:
        next(iter(reply.response))
    refused = follow(busy)
    assert refused.status_code == 503
    for reply in held:
        reply.close()
    assert follow(busy).status_code == 200


def test_the_archive_has_the_form_that_tools_read(busy):
    whole = busy.client.get(f"{PATH}?format=har").get_json()
    check(BY_ID["journal.get"].also, whole)
    log = whole["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "adsmock")
    assert len(log["entries"]) == 5
    row = log["entries"][2]
    assert row["request"]["method"] == "POST"
    assert row["request"]["url"].endswith("/sp/campaigns")
    assert orjson.loads(row["request"]["postData"]["text"]) == {"campaigns": [campaign("again")]}
    assert (row["response"]["status"], row["response"]["statusText"]) == (429, "Too Many Requests")
    assert {"name": "Retry-After", "value": "3"} in row["response"]["headers"]
    assert row["time"] == row["timings"]["wait"] + row["timings"]["receive"]
    assert set(row["timings"]) == {"send", "wait", "receive"}


def test_clear_empties_and_numbers_go_on(busy):
    busy.do("journal.clear")
    assert seqs(busy) == []
    busy.server.call("/sp/campaigns/list", {})
    assert seqs(busy) == [6]


def test_orphans_are_apart(busy):
    busy.server.send("GET", "/nobody")
    (row,) = busy.do("orphans.get")["entries"]
    assert (row["sandbox"], row["path"]) == (None, "/nobody")
    busy.do("orphans.clear")
    assert busy.do("orphans.get")["entries"] == []


def test_dropped_entries_are_reported():
    control = make_control()
    control.sandbox.journal.max_entries = 2
    for _ in range(4):
        control.server.call("/sp/campaigns/list", {})
    assert control.do("journal.get")["dropped"] == 3
    assert control.do("verify.run", {"match": {}, "min": 2})["dropped"] == 3


@pytest.mark.parametrize(
    ("claim", "holds", "count"),
    [
        ({"match": {"operation": ["lwa.token"]}, "min": 1, "max": 1}, True, 1),
        ({"match": {"operation": ["sp.*"]}, "max": 2}, False, 3),
        ({"match": {"status": [429], "fault": "f1"}}, True, 1),
        ({"match": {"region": ["EU"]}, "min": 0, "max": 0}, True, 0),
        ({"match": {"body": {"campaigns": "*"}}, "min": 2}, True, 2),
        ({"match": {"body": {"campaigns": "*"}}, "min": 2, "cursor": 2}, False, 1),
        ({"match": {"method": "post", "path": "/sp/*"}, "min": 4}, True, 4),
    ],
)
def test_a_claim_is_counted(busy, claim, holds, count):
    verdict = busy.do("verify.run", claim)
    assert (verdict["holds"], verdict["count"]) == (holds, count)
    assert bool(verdict["similar"]) is not holds


def test_a_claim_that_fails_tells_the_nearest_calls_and_why(busy):
    match = {"operation": ["sp.campaigns.create"], "status": [200], "profileId": "5"}
    similar = busy.do("verify.run", {"match": match})["similar"]
    assert [row["seq"] for row in similar[:2]] == [4, 3]
    assert sorted(similar[1]["differs"], key=lambda row: row["member"]) == [
        {"member": "profileId", "wanted": "5", "was": busy.server.profile().id},
        {"member": "status", "wanted": [200], "was": 429},
    ]


def test_a_claim_of_too_many_tells_those_that_are_too_many(busy):
    similar = busy.do("verify.run", {"match": {"status": [429]}, "min": 0, "max": 0})["similar"]
    assert [(row["seq"], row["differs"]) for row in similar] == [(3, [])]


@pytest.mark.parametrize(
    ("claim", "pointer"),
    [
        ({"match": {"operation": ["sp.campaign.create"]}}, "/match/operation/0"),
        ({"match": {"stats": [1]}}, "/match/stats"),
        ({"match": {}, "min": 3, "max": 2}, "/max"),
        ({}, "/match"),
    ],
)
def test_a_bad_claim_is_refused_with_the_pointer(busy, claim, pointer):
    assert busy.refuse("verify.run", claim)["pointer"] == pointer


def test_the_cassette_can_be_read_by_vcr_and_vcrpy(busy, tmp_path):
    text = busy.client.get(f"{PATH}?format=vcr").get_data(as_text=True)
    document = YAML(typ="safe", pure=True).load(text)
    ruby, python = document["http_interactions"], document["interactions"]
    assert len(ruby) == len(python) == 5
    assert ruby[2]["request"]["method"] == "post"
    assert ruby[2]["request"]["body"]["string"] == python[2]["request"]["body"]
    assert orjson.loads(python[2]["request"]["body"]) == {"campaigns": [campaign("again")]}
    assert python[2]["response"]["status"]["code"] == 429
    path = tmp_path / "cassette.yml"
    path.write_text(text)
    assert [each.path for each in read(path).exchanges][2] == "/sp/campaigns"
