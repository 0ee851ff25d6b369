"""Fault rules: read, refused with a reason, planned, counted, read back."""

from copy import deepcopy
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.control.schema import check, components
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import CallFacts, FaultPlan
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.services.faults.registry import kinds
from adsmock.mockserver.services.faults.schema import COUNTS, ParseContext, parse, show
from tests.unit.mockserver.fixtures import NOON, campaign, contract_set

EFFECTS = {
    "http": {"status": 429, "retryAfter": 3},
    "html": {"status": 502},
    "empty": {"status": 200},
    "outage": {"mode": "reset"},
    "partial": {"indexes": [1, 6]},
    "async-fail": {"error": "INTERNAL_ERROR"},
    "latency": {"latencyMs": 80},
    "truncate": {"keepBytes": 10},
    "patch": {"operations": [{"op": "remove", "path": "/totalResults"}], "shuffle": ["/campaigns"]},
}


def context() -> ParseContext:
    return ParseContext(contract_set(), NOON, Mint(0))


def rule(kind="http", **rest):
    return {"effect": {"kind": kind, **EFFECTS.get(kind, {})}, **rest}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_can_be_planned_and_reads_back(control, kind):
    made = control.do("faults.create", rule(kind, id="one"))
    assert made["effect"].items() >= {"kind": kind, "point": kinds()[kind].points[0]}.items()
    assert control.do("faults.get", fault="one") == made


def test_a_rule_is_met_and_counted(control):
    control.do(
        "faults.create",
        rule(id="storm", match={"operation": ["sp.campaigns.*"]}, when={"times": 1}),
    )
    assert control.server.call("/sp/campaigns", {"campaigns": [campaign()]}).status == 429
    assert control.server.call("/sp/campaigns", {"campaigns": [campaign()]}).status == 207
    shown = control.do("faults.get", fault="storm")
    assert [shown[name] for name in COUNTS] == [2, 1, 1, False]


def test_put_is_safe_to_repeat_and_counts_start_again(control):
    first = control.do("faults.put", rule(), fault="storm")
    control.server.call("/sp/campaigns", {"campaigns": [campaign()]})
    assert control.do("faults.get", fault="storm")["met"] == 1
    assert control.do("faults.put", rule(), fault="storm") == first
    assert len(control.do("faults.list")["faults"]) == 1


def test_put_takes_what_get_gave(control):
    made = control.do("faults.put", rule(ttl="PT10M"), fault="storm")
    assert control.do("faults.put", made, fault="storm") == made


def test_an_id_that_is_taken_is_a_conflict(control):
    control.do("faults.create", rule(id="storm"))
    assert control.refuse("faults.create", rule(id="storm"))["status"] == 409


def test_a_rule_without_an_id_gets_one(control):
    ids = {control.do("faults.create", rule())["id"] for _ in range(3)}
    assert len(ids) == 3


def test_replace_puts_all_or_nothing(control):
    control.do("faults.create", rule(id="old"))
    bad = {"faults": [rule(id="a"), rule(id="b", match={"operation": ["nothing.*"]})]}
    assert control.refuse("faults.replace", bad)["pointer"] == "/faults/1/match/operation/0"
    assert [row["id"] for row in control.do("faults.list")["faults"]] == ["old"]
    good = {"faults": [rule(id="a", priority=9), rule(id="b", priority=1)]}
    assert [row["id"] for row in control.do("faults.replace", good)["faults"]] == ["b", "a"]
    twice = {"faults": [rule(id="a"), rule(id="a")]}
    assert control.refuse("faults.replace", twice)["pointer"] == "/faults"


def test_delete_and_clear_forget(control):
    for name in ("a", "b", "c"):
        control.do("faults.create", rule(id=name))
    control.do("faults.delete", fault="b")
    assert control.refuse("faults.get", fault="b")["status"] == 404
    assert control.refuse("faults.delete", fault="b")["status"] == 404
    control.do("faults.clear")
    assert control.do("faults.list") == {"faults": []}


def test_a_window_opens_closes_and_expires(control):
    window = {"from": "+PT5M", "until": "2026-07-01T12:10:00Z"}
    control.do("faults.create", rule(id="storm", when=window))
    statuses = []
    for _ in range(3):
        statuses.append(control.server.call("/sp/campaigns/list", {}).status)
        control.do("clock.advance", {"seconds": 300})
    assert statuses == [200, 429, 200]
    assert control.do("faults.get", fault="storm")["expired"] is True


REFUSED = [
    ("/effect", {}),
    ("/effect/kind", {"effect": {"kind": "chaos"}}),
    ("/effect/status", {"effect": {"kind": "http"}}),
    ("/effect/status", {"effect": {"kind": "http", "status": 99}}),
    ("/effect/status", {"effect": {"kind": "http", "status": 204}}),
    ("/effect/status", {"effect": {"kind": "latency", "latencyMs": 1, "status": 429}}),
    ("/effect/latencyMs", {"effect": {"kind": "latency"}}),
    ("/effect/indexes", {"effect": {"kind": "partial"}}),
    ("/effect/indexes", {"effect": {"kind": "partial", "indexes": []}}),
    ("/effect/items/values", {"effect": {"kind": "partial", "items": {"member": "name"}}}),
    ("/effect/error", {"effect": {"kind": "partial", "indexes": [1], "error": "throtledError"}}),
    ("/effect/point", {"effect": {"kind": "html", "point": "on_wire"}}),
    ("/effect/dialect", {"effect": {"kind": "http", "status": 429, "dialect": "klingon"}}),
    ("/effect/retryAfter", {"effect": {"kind": "http", "status": 429, "retryAfter": "soon"}}),
    ("/effect/headers/X", {"effect": {"kind": "http", "status": 429, "headers": {"X": "a\r\nb"}}}),
    ("/effect/headers", {"effect": {"kind": "http", "status": 429, "headers": {"a b": "c"}}}),
    ("/when/probability", rule(when={"probability": 1.01})),
    ("/when/from", rule(when={"from": "soon"})),
    ("/when/until", rule(when={"until": "+P1M"})),
    ("/when/until", rule(when={"from": "+PT5M", "until": "+PT4M"})),
    ("/when/attempt", rule(when={"attempt": [3, 2]})),
    ("/when/attempt", rule(when={"attempt": [1, 2, 3]})),
    ("/ttl", rule(ttl="PT")),
    ("/match/region/0", rule(match={"region": ["XX"]})),
    ("/match/operation/0", rule(match={"operation": ["sp.campaign.create"]})),
    ("/match/opration", rule(match={"opration": ["sp.campaigns.create"]})),
    ("/id", rule(id="a/b")),
    ("/match/operation", rule(match={"operation": ["delivery.sp-traffic"]})),
    ("/match/operation", rule("stream-late", match={"operation": ["sp.campaigns.list"]})),
    ("/match/operation", rule("stream-late", match={"operation": ["delivery.confirmation"]})),
    ("/match/operation", rule("stream-unconfirmed", match={"operation": ["delivery.sp-*"]})),
    ("/effect/latencyMs", {"effect": {"kind": "stream-late", "latencyMs": 1}}),
    ("/effect/delay", {"effect": {"kind": "stream-late", "delay": "soon"}}),
    ("/effect/delay", {"effect": {"kind": "stream-late", "delay": "P91D"}}),
    ("/effect/within", {"effect": {"kind": "stream-reorder", "within": "3 hours"}}),
    ("/effect/form", {"effect": {"kind": "stream-poison", "form": "html"}}),
    ("/effect/factor", {"effect": {"kind": "stream-burst", "factor": 1}}),
    ("/effect/share", {"effect": {"kind": "stream-correction", "share": 0}}),
]


@pytest.mark.parametrize(
    ("kind", "globs"),
    [
        ("http", ["*"]),
        ("stream-late", ["delivery.*-traffic", "delivery.budget-usage"]),
        ("stream-policy", ["delivery.confirmation"]),
        ("stream-unconfirmed", ["delivery.*"]),
    ],
)
def test_a_rule_that_matches_something_it_acts_on_is_taken(control, kind, globs):
    made = control.do("faults.create", rule(kind, match={"operation": globs}))
    assert made["match"] == {"operation": globs}


@pytest.mark.parametrize(("pointer", "document"), REFUSED)
def test_a_rule_is_refused_with_the_pointer(control, pointer, document):
    assert control.refuse("faults.create", document)["pointer"] == pointer
    assert control.do("faults.list") == {"faults": []}


def test_a_glob_that_names_nothing_is_refused_with_the_nearest_name(control):
    refused = control.refuse("faults.create", rule(match={"operation": ["sp.campaign.create"]}))
    assert "sp.campaigns.create" in refused["detail"]


@pytest.mark.parametrize("name", ["\x18", "-a", "a" * 101])
def test_a_path_names_only_what_an_id_can_be(control, name):
    assert control.refuse("faults.put", rule(), fault=quote(name))["pointer"] == "/id"
    assert control.do("faults.list") == {"faults": []}


def test_as_many_rules_as_a_plan_may_have_are_planned_at_once(control, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "adsmock.mockserver.services.faults.schema.nearest", lambda *_: asked.append(1) or []
    )
    rules = [rule(priority=place % 7) for place in range(10_000)]

    found = control.do("faults.replace", {"faults": rules})["faults"]

    assert [row["priority"] for row in found] == sorted(each["priority"] for each in rules)
    assert len({row["id"] for row in found}) == len(rules)
    assert asked == []


def test_two_ids_are_refused(control):
    assert control.refuse("faults.put", rule(id="a"), fault="b")["pointer"] == "/id"


def test_the_storage_host_can_be_matched(control):
    control.do("faults.create", rule("url-expired", match={"operation": ["storage.*"]}))


def on_its_subject(document):
    """Return the rule with operations that its kind can act on."""
    acts_on = kinds()[document["effect"]["kind"]].acts_on
    match = document.get("match", {})
    if "call" in acts_on or "operation" not in match:
        return document
    name = "delivery.sp-traffic" if "record" in acts_on else "delivery.confirmation"
    return document | {"match": match | {"operation": [name]}}


documents = st.fixed_dictionaries(
    {"effect": st.sampled_from([rule(kind)["effect"] for kind in sorted(kinds())])},
    optional={
        "id": st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
        "priority": st.integers(-1000, 1000),
        "match": st.fixed_dictionaries(
            {},
            optional={
                "region": st.lists(st.sampled_from(["NA", "EU", "FE"])),
                "operation": st.lists(st.sampled_from(["sp.*", "*", "lwa.token", "sp.*.list"])),
                "profileId": st.sampled_from(["*", "1"]),
                "body": st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
            },
        ),
        "when": st.fixed_dictionaries(
            {},
            optional={
                "probability": st.floats(0, 1),
                "skip": st.integers(0, 5),
                "times": st.none() | st.integers(0, 5),
                "attempt": st.none() | st.integers(1, 5) | st.just([2, 4]),
                "from": st.sampled_from([None, "+PT0S", "+P1DT2H3M4.5S", "2026-07-01T13:00:00Z"]),
                "until": st.sampled_from([None, "+P9D", "2027-01-01"]),
            },
        ),
        "ttl": st.none() | st.just("P30D"),
    },
).map(on_its_subject)


@given(documents)
def test_what_is_shown_reads_as_the_same_rule(document):
    check("FaultRule", document)
    first = parse(document, context())
    shown = show(FaultPlan(0).add(first), NOON)
    check("FaultRule", shown)
    again = parse(shown, context())
    assert (again.id, again.match, again.when, again.effect, again.priority) == (
        first.id,
        first.match,
        first.when,
        first.effect,
        first.priority,
    )


@given(
    document=documents,
    name=st.text(min_size=1, max_size=8),
    place=st.sampled_from(["", "match", "when", "effect"]),
)
def test_an_unknown_member_anywhere_is_named(document, name, place):
    document = deepcopy(document)
    target = document.setdefault(place, {}) if place else document
    known = components()["FaultRule"]["properties"]
    if place in ("when", "effect"):
        known = known[place]["properties"]
    elif place == "match":
        known = components()["Match"]["properties"]
    if name in known:
        return
    target[name] = 1
    with pytest.raises(SetupError) as refused:
        check("FaultRule", document)
    assert f'unknown field "{name}"' in refused.value.detail
    assert refused.value.pointer.startswith(f"/{place}" if place else "/")


def test_partial_refuses_a_mistyped_error_and_takes_one_on_no_list(control):
    def planned(error):
        return {"effect": {"kind": "partial", "indexes": [0], "error": error}}

    assert control.do("faults.create", planned("LUNAR_TIDE"))["effect"]["error"] == "LUNAR_TIDE"
    assert control.refuse("faults.create", planned("throtledError"))["pointer"] == "/effect/error"


def test_patch_without_an_edit_is_refused(control):
    assert control.refuse("faults.create", {"effect": {"kind": "patch"}})["pointer"] == "/effect"


def test_a_rule_that_lasts_counts_from_the_first_call_it_selects():
    document = rule("html") | {"when": {"lasts": "PT8S"}}
    plan = FaultPlan(1)
    planned = plan.add(parse(document, context()))
    facts = CallFacts("NA", "sp.campaigns.list", "1", "POST", "/sp/campaigns/list", "k", 1)

    found = [plan.select(facts, NOON + after) is planned for after in (100, 107.9, 108, 200)]

    assert found == [True, True, False, False]
    assert planned.is_over(NOON + 108)
