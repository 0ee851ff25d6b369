"""The audit: each finder sees its waste and nothing else; what is lean is left alone."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.loader import load
from adsmock.harness.volume import document
from adsmock.harness.volume.audit import AuditedCall, JournalError, SuiteTasks, audit, of_rows, read

CONTRACTS = load()
EXPORT = "exports.get"


def seen(at, operation, line=0, **more):
    known = {
        "region": "NA",
        "client": "c",
        "profile": "1",
        "chain": f"{operation}-{at}-{line}",
        "path": "/x",
        "status": 200,
        "items": 0,
        "ended": "complete",
        "request": {},
        "reply": {},
    }
    return AuditedCall(
        line=line or int(at * 1000) + 1,
        at=float(at),
        operation=operation,
        row=CONTRACTS.operations.get(operation),
        **known | more,
    )


def findings(*calls):
    found = audit(sorted(calls, key=lambda one: one.at), CONTRACTS)
    return {waste.habit: waste for waste in found.wastes}


def listed(at, count, **body):
    return seen(at, "sp.campaigns.list", request=body, reply={"campaigns": [{}] * count})


def test_handshakes_downloads_and_deliveries_are_no_calls():
    names = ("lwa.token", "tls.handshake", "storage.get", "delivery.sp-traffic")
    rows = [{"operation": name, "cArrive": at} for at, name in enumerate(names)]
    assert [call.operation for call in of_rows(enumerate(rows), CONTRACTS)] == ["lwa.token"]


def test_lean_work_is_left_alone():
    calls = [
        seen(0, "lwa.token"),
        listed(1, 1000),
        listed(2, 500, nextToken="a"),
        seen(3, "sp.keywords.update", items=1000, status=207, request={"keywords": []}),
        seen(4, "exports.campaigns.create", status=202),
        seen(9, EXPORT),
        seen(17, EXPORT),
        seen(28, EXPORT),
    ]
    assert findings(*calls) == {}


def test_single_writes_close_together_could_have_gone_as_one():
    calls = [
        seen(
            at, "sp.keywords.update", items=1, status=207, request={"keywords": [{"keywordId": at}]}
        )
        for at in range(20)
    ]
    assert findings(*calls)["batch"].saved == 19


def test_writes_far_apart_are_no_batch():
    calls = [seen(at * 120, "sp.keywords.update", items=1, status=207) for at in range(5)]
    assert "batch" not in findings(*calls)


def test_writing_unchanged_values_is_waste_even_between_other_writes():
    body = {"keywords": [{"keywordId": "1", "bid": 2.0}]}
    other = {"keywords": [{"keywordId": "1", "bid": 3.0}]}
    calls = [
        seen(at * 300, "sp.keywords.update", items=1, status=207, request=request)
        for at, request in enumerate([body, body, other, body])
    ]
    assert len(findings(*calls)["unchanged"].calls) == 1


def test_the_same_read_within_a_quarter_of_an_hour_is_waste_unless_a_write_came_between():
    again = {"chain": "same"}
    reads = [seen(0, "profiles.list", **again), seen(60, "profiles.list", **again)]
    assert findings(*reads)["repeated"].saved == 1
    later = [reads[0], seen(901, "profiles.list", **again)]
    assert "repeated" not in findings(*later)
    lists = [listed(0, 3), listed(60, 3)]
    same = [
        AuditedCall(**{name: getattr(one, name) for name in one.__slots__} | again) for one in lists
    ]
    assert "repeated" in findings(*same)
    write = seen(30, "sp.campaigns.update", items=1, status=207)
    assert "repeated" not in findings(*same, write)


def test_one_read_an_id_is_waste_from_five_on():
    def loop(count):
        return [listed(at, 1, campaignIdFilter={"include": [str(at)]}) for at in range(count)]

    assert findings(*loop(8))["ids"].saved == 7
    assert "ids" not in findings(*loop(4))


def test_small_pages_are_waste():
    pages = [listed(0, 10)] + [listed(at, 10, nextToken=str(at)) for at in range(1, 5)]
    assert findings(*pages)["page"].saved == 4


def test_a_whole_account_page_by_page_costs_more_than_an_export():
    pages = [listed(0, 1000)] + [listed(at, 1000, nextToken=str(at)) for at in range(1, 20)]
    waste = findings(*pages)["structure"]
    assert (len(waste.calls), waste.instead) == (20, 6)
    filtered = [
        listed(at, 1000, stateFilter={"include": ["ENABLED"]}, **({"nextToken": "x"} if at else {}))
        for at in range(20)
    ]
    assert "structure" not in findings(*filtered)


def test_extended_data_costs_quota_and_no_calls():
    waste = findings(listed(0, 5, includeExtendedDataFields=True))["extended"]
    assert (waste.saved, waste.saved_weight) == (0, 4)


def test_too_frequent_polls_are_waste():
    calls = [seen(at / 2, EXPORT, path="/exports/1") for at in range(60)]
    assert findings(*calls)["export_poll"].saved > 50


def test_the_same_report_again_is_waste():
    calls = [seen(at, "reporting.create", chain="same") for at in (0, 100, 50_000)]
    assert findings(*calls)["duplicates"].saved == 1


HOUR = 3600.0


def hourly(count, kind="spCampaigns", day="2026-07-01"):
    """Return requests for a report, one an hour from midnight of 2026-07-01 in UTC."""
    start = 1_782_864_000.0
    configuration = {"reportTypeId": kind}
    request = {"startDate": day, "endDate": day, "configuration": configuration}
    return [
        seen(start + hour * HOUR, "reporting.create", line=hour + 1, request=request)
        for hour in range(count)
    ]


def test_reports_of_today_come_all_day_long_where_stream_delivers():
    found = findings(*hourly(12))["intraday"]

    assert found.saved == 10
    assert found.says == "10 more reports of today: spCampaigns"


@pytest.mark.parametrize(
    "calls", [hourly(2), hourly(12, kind="spSearchTerm"), hourly(12, day="2026-06-30")]
)
def test_few_reports_of_today_and_what_stream_does_not_deliver_are_left_alone(calls):
    assert "intraday" not in findings(*calls)


def test_calls_to_queues_cost_no_quota():
    rows = [{"operation": name, "cArrive": 1} for name in ("sqs.ReceiveMessage", "lwa.token")]

    assert [call.operation for call in of_rows(enumerate(rows), CONTRACTS)] == ["lwa.token"]


def test_reports_of_single_days_could_have_been_one():
    def report(day):
        request = {
            "startDate": f"2026-06-{day:02d}",
            "endDate": f"2026-06-{day:02d}",
            "configuration": {"reportTypeId": "spCampaigns"},
        }
        return seen(day, "reporting.create", request=request)

    assert findings(*(report(day) for day in range(1, 15)))["report_days"].saved == 13


def test_tokens_beyond_one_an_hour_are_waste():
    calls = [seen(at, "lwa.token", line=at + 1) for at in range(10)]
    assert findings(*calls)["token_minutes"].saved == 9


def test_refusals_are_waste_and_counted_once():
    refused = [listed(at, 0) for at in range(3)]
    calls = [
        AuditedCall(**{name: getattr(one, name) for name in one.__slots__} | {"status": 429})
        for one in refused
    ]
    found = audit(calls, CONTRACTS)
    assert [waste.habit for waste in found.wastes] == ["refused"]
    assert found.optimum == 0


def test_what_was_wrong_is_not_sent_again():
    calls = [
        seen(at, "sp.campaigns.list", status=400, chain="same", line=at + 1) for at in range(3)
    ]
    assert findings(*calls)["wrong"].saved == 2


calls_of_any_kind = st.lists(
    st.builds(
        seen,
        st.floats(0, 4000),
        st.sampled_from([*CONTRACTS.operations]),
        line=st.integers(1, 10**9),
        status=st.sampled_from([200, 202, 207, 400, 404, 425, 429, 500]),
        items=st.integers(0, 30),
        chain=st.sampled_from(["a", "b", "c"]),
        profile=st.sampled_from(["1", "2"]),
    ),
    max_size=60,
    unique_by=lambda one: one.line,
)


@given(calls_of_any_kind)
def test_no_call_is_waste_twice_and_the_optimum_is_never_negative(calls):
    found = audit(sorted(calls, key=lambda one: one.at), CONTRACTS)
    lines = [one.line for waste in found.wastes for one in waste.calls]
    assert len(lines) == len(set(lines))
    assert 0 <= found.optimum <= found.total
    assert json.dumps(document.of_audit(found))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no API call"),
        ("{", "line 1 is not JSON"),
        ("[]", "line 1 is not a JSON object"),
        ('{"seq": 1}', "line 1 is not a journal entry"),
        ("[" * 100_000, "line 1 is not JSON"),
        ('{"operation": "sp.campaigns.list", "cArrive": NaN}', "line 1 is not a journal entry"),
        ('{"kind": [], "case": "T01", "seq": {}}', "line 1 is not a journal entry"),
    ],
)
def test_a_journal_that_cannot_be_read_says_where(tmp_path, text, says):
    path = tmp_path / "journal.ndjson"
    path.write_text(text)
    with pytest.raises(JournalError, match=says):
        read(path, CONTRACTS)


def test_an_entry_that_several_cases_hold_was_called_once(tmp_path):
    row = {"operation": "sp.campaigns.list", "cArrive": 1.0, "sandbox": "s", "tArrive": 5.0}
    lines = [
        row | {"kind": "entry", "seq": seq, "case": name}
        for name in ("A01", "B01")
        for seq in (1, 2)
    ]
    path = tmp_path / "journal.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)))
    assert len(read(path, CONTRACTS)) == 2


def test_a_stream_of_writes_is_no_single_batch():
    calls = [
        seen(
            at * 30,
            "sp.keywords.update",
            items=1,
            status=207,
            request={"keywords": [{"keywordId": "1", "bid": at}]},
        )
        for at in range(10)
    ]
    waste = [one for one in audit(calls, CONTRACTS).wastes if one.habit == "batch"]
    # A write may wait a minute for others: three of them go together, and the next ones again.
    assert sum(one.saved for one in waste) == 6


def test_injected_faults_and_the_calls_that_repair_them_are_no_waste():
    storm = {"fault": "http", "status": 429, "chain": "one"}
    revoked = {"fault": "token-revoked", "status": 401, "chain": "two"}
    calls = [
        seen(0, "lwa.token"),
        seen(1, "sp.campaigns.list", **storm),
        seen(2, "sp.campaigns.list", **storm),
        seen(3, "sp.campaigns.list", chain="one"),
        seen(4, "sp.keywords.list", **revoked),
        seen(5, "lwa.token", chain="token again"),
        seen(6, "sp.keywords.list", chain="two"),
    ]
    found = audit(calls, CONTRACTS)
    assert (found.wastes, found.ratio) == ((), 1.0)
    assert [one.at for one in found.injected] == [1.0, 2.0, 4.0]
    assert [one.at for one in found.resent] == [3.0, 5.0, 6.0]


def test_what_quotas_refused_and_a_second_repair_are_waste():
    calls = [
        seen(0, "sp.campaigns.list", status=429),
        seen(1, "sp.campaigns.list", fault="http", status=503, chain="one"),
        seen(2, "sp.campaigns.list", chain="one"),
        seen(3, "sp.campaigns.list", chain="one"),
        seen(4, "sp.campaigns.list", chain="one"),
    ]
    found = findings(*calls)
    assert found["refused"].saved == 1
    assert found["repeated"].saved == 1


def test_a_call_that_a_fault_only_slowed_down_is_counted_like_any_other():
    calls = [seen(at, "sp.campaigns.list", fault="latency", chain="same") for at in range(4)]
    found = audit(calls, CONTRACTS)
    assert found.injected == ()
    assert found.optimum == 1


def test_a_batch_of_which_a_fault_refused_items_is_repaired_by_the_next():
    batch = {"status": 207, "items": 2, "chain": "one"}
    calls = [
        seen(1, "sp.keywords.update", fault="partial", **batch),
        seen(2, "sp.keywords.update", **batch),
    ]
    found = audit(calls, CONTRACTS)
    assert (len(found.injected), len(found.resent), found.wastes) == (1, 1, ())


def run_file(tmp_path, tasks, driver="adapter", **more):
    """Return the path of a run's journal with 60 lists of one profile."""
    head = [
        {"kind": "run", "driver": driver},
        {"kind": "case", "case": "A02", "client_id": "c", "tasks": tasks},
    ]
    calls = [
        {"operation": "sp.campaigns.list", "cArrive": at, "clientId": "c", "profileId": "1"}
        | {"chain": "same", "status": 200, "ended": "complete", "kind": "entry", "seq": at}
        | {"request": {}, "reply": {"campaigns": []}, "tArrive": at, "sandbox": "s", "case": "A02"}
        for at in range(60)
    ]
    path = tmp_path / "journal.ndjson"
    path.write_text("\n".join(json.dumps(row | more) for row in [*head, *calls]))
    return path


LIST_TASK = {"verb": "list", "args": {"resource": "sp.campaigns", "profile": "1"}}


@pytest.mark.parametrize(
    ("tasks", "driver", "wasted"),
    [(60, "adapter", 0), (20, "command", 40), (1, "adapter", 59), (60, "free", 59)],
)
def test_repeated_work_of_the_suite_is_no_waste(tmp_path, tasks, driver, wasted):
    path = run_file(tmp_path, [LIST_TASK] * tasks, driver)

    found = audit(read(path, CONTRACTS), CONTRACTS, tasks=SuiteTasks.read(path))
    assert found.total - found.optimum == wasted
    assert len(found.given) == 59 - wasted
    if wasted == 40:
        assert found.wastes[0].says.endswith("; 19 of them are tasks of the suite and do not count")


def test_steady_task_asks_for_all_its_lists(tmp_path):
    task = {"verb": "steady", "args": LIST_TASK["args"] | {"times": 60, "every": 1}}
    path = run_file(tmp_path, [task])

    found = audit(read(path, CONTRACTS), CONTRACTS, tasks=SuiteTasks.read(path))
    assert found.ratio == 1


def test_tokens_of_a_short_life_are_needed_more_often():
    calls = [
        seen(60 * minute, "lwa.token", reply={"expires_in": 120}) for minute in range(0, 10, 2)
    ]

    assert findings(*calls) == {}
    assert findings(*(replace(call, reply={}) for call in calls))["token_minutes"].saved == 4


def test_faults_of_deliveries_are_no_calls(tmp_path):
    path = run_file(tmp_path, [LIST_TASK] * 60)
    fault = {"id": "late", "kind": "stream-late", "point": "delivery"}
    row = {"operation": "delivery.sp-traffic", "cArrive": 61, "clientId": "c", "profileId": "1"}
    row |= {"chain": None, "status": 0, "ended": "complete", "kind": "entry", "seq": 61}
    row |= {"fault": fault, "sandbox": "s", "case": "A02", "tArrive": 61, "items": 3}
    before = read(path, CONTRACTS)
    path.write_text(path.read_text() + "\n" + json.dumps(row))

    assert read(path, CONTRACTS) == before
