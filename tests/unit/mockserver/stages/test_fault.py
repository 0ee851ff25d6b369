"""Planned faults at their three points, and draws that interleaving cannot change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core.fault import CallFacts, FaultPlan, FaultRule, Match, When
from adsmock.mockserver.services.faults.json_edit import Edit, parse_pointer
from adsmock.mockserver.services.faults.kinds.http import Http
from tests.unit.mockserver.fixtures import campaign, create_server, ids, runtime, value

CREATE = Match(operation=("sp.campaigns.create",))


def facts(key="k", attempt=1):
    return CallFacts("NA", "sp.campaigns.create", "1", "POST", "/sp/campaigns", key, attempt)


def edit(op, path, value=None):
    return Edit(op, parse_pointer(path), value)


@pytest.mark.parametrize(
    ("status", "code"), [(401, "UNAUTHORIZED"), (403, "ACCESS_DENIED"), (500, "INTERNAL_ERROR")]
)
def test_http_fault_speaks_the_dialect_of_the_family(status, code):
    server = create_server()
    server.plan("http", effect={"status": status})

    reply = server.call("/sp/campaigns/list")

    assert (reply.status, value(reply)["code"]) == (status, code)


@pytest.mark.parametrize(
    ("dialect", "key"),
    [
        ("family", "message"),
        ("details", "details"),
        ("reporting", "detail"),
        ("gateway-throttle", "message"),
    ],
)
def test_throttling_fault_comes_in_each_dialect_seen_in_the_wild(dialect, key):
    server = create_server()
    server.plan("http", effect={"status": 429, "dialect": dialect, "retry_after": "3"})

    reply = server.call("/sp/campaigns/list")

    assert reply.status == 429
    assert reply.headers["Retry-After"] == "3"
    assert value(reply)[key] == "Too Many Requests"


def test_http_fault_before_the_work_changes_nothing():
    server = create_server()
    server.plan("http", times=1, effect={"status": 503})

    assert server.call("/sp/campaigns", {"campaigns": [campaign()]}).status == 503
    assert value(server.call("/sp/campaigns/list"))["totalResults"] == 0
    assert server.entries()[-2].committed is False


@pytest.mark.parametrize("kind", ["http", "reset", "timeout-after-commit"])
def test_fault_after_commit_loses_the_answer_and_keeps_the_work(kind):
    server = create_server()
    effect = {"point": "after_commit"} | ({"status": 500} if kind == "http" else {})
    server.plan(kind, times=1, match=CREATE, effect=effect)

    lost = server.call("/sp/campaigns", {"campaigns": [campaign()]})

    assert lost.status == 500 if kind == "http" else lost.fault.effect.kind == kind
    assert server.entries()[-1].committed is True
    assert value(server.call("/sp/campaigns/list"))["totalResults"] == 1


def test_partial_fault_fails_the_named_items_alone():
    server = create_server()
    server.plan("partial", effect={"indexes": (1, 6)})
    items = [campaign(f"c{number}") for number in range(10)]

    rows = value(server.call("/sp/campaigns", {"campaigns": items}))["campaigns"]

    assert [row["index"] for row in rows["error"]] == [1, 6]
    assert {row["errors"][0]["errorType"] for row in rows["error"]} == {"throttledError"}
    assert len(rows["success"]) == 8
    assert value(server.call("/sp/campaigns/list"))["totalResults"] == 8


def test_html_fault_brings_a_page_and_no_json():
    server = create_server()
    server.plan("html", effect={"status": 503})

    reply = server.call("/sp/campaigns/list")

    assert (reply.status, reply.content_type) == (503, "text/html")
    assert reply.body.startswith(b"<html>")


def test_token_revoked_fault_takes_the_token_for_good():
    server = create_server()
    server.plan("token-revoked", times=1)

    assert server.call("/sp/campaigns/list").status == 401
    assert server.call("/sp/campaigns/list").status == 401
    server.sign_in()
    assert server.call("/sp/campaigns/list").status == 200


def test_wire_fault_travels_on_the_reply():
    server = create_server()
    server.plan("latency", effect={"point": "on_wire", "latency": 0.25})

    assert server.call("/sp/campaigns/list").fault.effect.latency == 0.25


def test_rule_acts_on_the_attempts_it_names_of_each_logical_request():
    server = create_server()
    server.plan("http", attempt=(1, 2), effect={"status": 503})

    got = [server.call("/sp/campaigns/list", {"maxResults": size}).status for size in (5, 6) * 3]

    assert got == [503, 503, 503, 503, 200, 200]


def test_rule_skips_counts_and_ends_with_its_window():
    server = create_server()
    end = server.sandbox.clock.now() + 60
    server.plan("http", skip=1, times=2, end=end, effect={"status": 503})

    got = [server.call("/sp/campaigns/list").status for _ in range(4)]
    planned = server.sandbox.faults.find("http")

    assert got == [200, 503, 503, 200]
    assert (planned.matched, planned.triggered) == (4, 2)
    assert planned.rule.is_over(end)


def test_a_fault_that_had_no_effect_is_not_counted():
    server = create_server()
    server.plan("http", effect={"status": 500, "point": "after_commit"})

    server.call("/sp/campaigns", b"{not json")
    planned = server.sandbox.faults.find("http")

    assert (planned.selected, planned.triggered) == (1, 0)


@given(
    keys=st.lists(st.text(max_size=5), min_size=1, max_size=8, unique=True),
    order=st.randoms(use_true_random=False),
    seed=st.integers(),
)
def test_draws_do_not_depend_on_how_calls_interleave(keys, order, seed):
    rule = FaultRule("half", Match(), When(probability=0.5), Http())
    requests = [(key, attempt) for key in keys for attempt in (1, 2, 3)]

    def outcome(ordered):
        plan = FaultPlan(seed)
        plan.add(rule)
        return {each: plan.select(facts(*each), 0.0) is not None for each in ordered}

    shuffled = list(requests)
    order.shuffle(shuffled)

    assert outcome(requests) == outcome(shuffled)


@given(seed=st.integers(), key=st.text())
def test_probability_zero_and_one_are_exact(seed, key):
    plan = FaultPlan(seed)
    plan.add(FaultRule("never", Match(), When(probability=0.0), Http(), priority=1))
    plan.add(FaultRule("always", Match(), When(probability=1.0), Http(), priority=2))

    assert plan.select(facts(key), 0.0).rule.id == "always"


def test_same_seed_gives_the_same_journal_but_for_times():
    assert _story(seed=7) == _story(seed=7)
    assert _story(seed=7) != _story(seed=8)


def _story(seed):
    server = create_server(runtime(), seed=seed)
    server.plan("http", probability=0.5, effect={"status": 503})
    for number in range(20):
        server.call("/sp/campaigns", {"campaigns": [campaign(f"c{number}")]})
    server.sandbox.faults.clear()
    listed = value(server.call("/sp/campaigns/list"))
    rows = [(e.operation, e.status, e.chain, e.attempt, e.fault, e.reply) for e in server.entries()]
    return rows, listed, ids(server.call("/sp/campaigns", {"campaigns": [campaign("last")]}))


def test_partial_fault_shows_no_blank_that_only_a_real_value_could_fill():
    server = create_server()
    reason = "BUDGET_OUT_OF_MARKET_PLACE_RANGE"
    server.plan("partial", effect={"indexes": (0,), "error": "budgetError", "reason": reason})

    rows = value(server.call("/sp/campaigns", {"campaigns": [campaign()]}))["campaigns"]["error"]

    message = rows[0]["errors"][0]["errorValue"]["budgetError"]["message"]
    assert message
    assert "{" not in message


def test_patch_edits_the_reply_and_leaves_the_state():
    server = create_server()
    server.call("/sp/campaigns", {"campaigns": [campaign(f"c{n}") for n in range(3)]})
    edits = (
        edit("replace", "/campaigns/*/state", "RESTING"),
        edit("add", "/campaigns/0/novelty", {"a~b/c": 1}),
        edit("add", "/campaigns/0/novelty/a~0b~1c", 2),
        edit("add", "/campaigns/-", {"name": "behind"}),
        edit("add", "/campaigns/0", {"name": "before"}),
        edit("remove", "/totalResults"),
    )
    server.plan("patch", times=1, effect={"point": "after_commit", "edits": edits})

    page = value(server.call("/sp/campaigns/list"))

    assert [row["name"] for row in page["campaigns"]] == ["before", "c0", "c1", "c2", "behind"]
    assert {row["state"] for row in page["campaigns"][1:4]} == {"RESTING"}
    assert page["campaigns"][1]["novelty"] == {"a~b/c": 2}
    assert "totalResults" not in page
    assert value(server.call("/sp/campaigns/list"))["campaigns"][0]["state"] == "ENABLED"


@pytest.mark.parametrize("size", [2, 3, 10])
def test_patch_puts_arrays_out_of_order_and_keeps_their_members(size):
    server = create_server()
    server.plan("patch", effect={"shuffle": (parse_pointer("/campaigns/success"),)})
    items = [campaign(f"c{n}") for n in range(size)]

    rows = value(server.call("/sp/campaigns", {"campaigns": items}))["campaigns"]["success"]

    assert sorted(row["index"] for row in rows) == list(range(size))
    assert [row["index"] for row in rows] != list(range(size))


@pytest.mark.parametrize("path", ["/nothing", "/campaigns/7", "/campaigns/x", "/totalResults/a"])
def test_patch_that_fits_nothing_is_not_counted(path):
    server = create_server()
    effect = {"point": "after_commit", "edits": (edit("replace", path, 1),)}
    server.plan("patch", effect=effect)

    assert value(server.call("/sp/campaigns/list"))["totalResults"] == 0
    assert server.sandbox.faults.find("patch").triggered == 0
    assert server.entries()[-1].fault is None


def test_partial_fault_takes_an_error_that_is_on_no_list():
    server = create_server()
    server.plan("partial", effect={"indexes": (0,), "error": "tideError", "reason": "HIGH_TIDE"})

    rows = value(server.call("/sp/campaigns", {"campaigns": [campaign()]}))["campaigns"]["error"]

    (error,) = rows[0]["errors"]
    assert error["errorType"] == "tideError"
    assert error["errorValue"]["tideError"]["reason"] == "HIGH_TIDE"


def test_partial_fault_may_put_the_lists_out_of_order():
    server = create_server()
    lists = tuple(map(parse_pointer, ("/campaigns/success", "/campaigns/error")))
    server.plan("partial", effect={"indexes": (1, 4, 7), "shuffle": lists})
    items = [campaign(f"c{number}") for number in range(10)]

    rows = value(server.call("/sp/campaigns", {"campaigns": items}))["campaigns"]

    failed = [row["index"] for row in rows["error"]]
    passed = [row["index"] for row in rows["success"]]
    assert (sorted(failed), sorted(passed)) == ([1, 4, 7], [0, 2, 3, 5, 6, 8, 9])
    assert failed != sorted(failed)
    assert passed != sorted(passed)
    assert server.sandbox.faults.find("partial").triggered == 1
