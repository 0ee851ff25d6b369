"""Case files: every word known, every reference answerable."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest

from adsmock.harness.suite import checks
from adsmock.harness.suite.case import CaseError, load, parse, select

ROOT = Path(__file__).parents[4]
TASK = json.loads((ROOT / "contracts/meta/task.schema.json").read_text("utf-8"))

SMALL = """
id = "Z01"
version = 1
title = "t"
area = "a"
practice = ["F-D8"]
anchor = "x"
claim = "c"
level = "MUST"
profiles = ["core"]
how_to_fix = "h"
[sandbox]
start = "2026-07-01T12:00:00Z"
[[sandbox.state]]
profile = "NA"
resource = "sp.campaigns"
alias = "c-{n}"
repeat = 2
entity = { name = "n{n}" }
[[faults]]
id = "f"
effect = { kind = "http", status = 429 }
[[tasks]]
verb = "list"
repeat = 2
args = { resource = "sp.campaigns", profile = "p", filter = { nameFilter = { include = ["{n}"] } } }
[trigger]
min_calls = 1
[[checks]]
id = "Z01.one"
severity = "MUST"
judge = "waits_grow"
numbers = { ratio = 2.0, chains = 8, gaps = 5 }
"""


def test_case_repeats_tasks_and_entities_by_number():
    case = parse(SMALL, "Z01.toml")

    assert [seed.alias for seed in case.sandbox.state] == ["c-1", "c-2"]
    assert [seed.entity["name"] for seed in case.sandbox.state] == ["n1", "n2"]
    assert [task.args["filter"]["nameFilter"]["include"] for task in case.tasks] == [["1"], ["2"]]


def test_case_repeats_members_of_a_list_by_number():
    old = 'include = ["{n}"]'
    new = 'include = ["first", { "$repeat" = 2, of = "{n}-{i}" }]'
    case = parse(SMALL.replace(old, new), "Z01.toml")

    included = [task.args["filter"]["nameFilter"]["include"] for task in case.tasks]
    assert included == [["first", "1-1", "1-2"], ["first", "2-1", "2-2"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "t"', 'title = "t"\nsubtitle = "s"'),
        ("[trigger]", "[trigger]\nmin_luck = 1"),
        ('verb = "list"', 'verb = "list"\nwhy = "x"'),
        ('verb = "list"', 'verb = "dance"'),
        ('id = "f"', 'id = "f"\ncolour = "red"'),
        ('kind = "http", ', ""),
        ('severity = "MUST"', 'severity = "MAYBE"'),
        ('severity = "MUST"', 'severity = "MUST"\nmercy = true'),
        ('alias = "c-{n}"', 'alias = "c-{n}"\nnick = "x"'),
        ('start = "2026-07-01T12:00:00Z"', 'begin = "2026-07-01T12:00:00Z"'),
        ('id = "Z01.one"', 'id = "Y01.one"'),
        ("version = 1", 'version = "1"'),
        ("version = 1", "version = true"),
        ("version = 1\n", ""),
        ('profiles = ["core"]', 'profiles = ["slow"]'),
        ('id = "Z01"', "id = Z01"),
    ],
)
def test_case_refuses_unknown_members(old, new):
    assert old in SMALL

    with pytest.raises(CaseError, match=r"^Z01\.toml"):
        parse(SMALL.replace(old, new, 1), "Z01.toml")


def test_case_file_is_named_after_the_case():
    with pytest.raises(CaseError, match="not named"):
        parse(SMALL, "Z02.toml")


@pytest.mark.parametrize(
    ("old", "new"), [("waits_grow", "waits_shrink"), ("gaps = 5", "holes = 5"), (", gaps = 5", "")]
)
def test_check_is_refused_when_no_judge_takes_it(old, new):
    case = parse(SMALL.replace(old, new), "Z01.toml")

    with pytest.raises(CaseError, match=r"^Z01\.one"):
        checks.verify(case)


@pytest.mark.parametrize("case", load().values(), ids=lambda case: case.id)
def test_shipped_case_names_judges_that_exist(case):
    checks.verify(case)


def test_every_judge_function_is_used_by_a_case():
    used = {check.judge for case in load().values() for check in case.checks}

    assert used == set(checks.JUDGES)


def test_names_select_within_the_profile():
    assert [case.id for case in select(load(), "core", ("T03", "A01", "T03"))] == ["T03", "A01"]
    assert [case.id for case in select(load(), "quick", ("T03", "A01"))] == ["A01"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("T03",), ["T03", "I12"]),
        (("I12", "T03"), ["I12", "T03"]),
        (("T03", "T04"), ["T03", "T04", "I12"]),
    ],
)
def test_lost_work_is_judged_whatever_cases_are_named(names, expected):
    found = select(load(), "full", names, with_always=True)

    assert [case.id for case in found] == expected


def test_nothing_is_added_to_an_empty_selection():
    assert select(load(), "quick", ("T03",), with_always=True) == ()


def test_quick_profile_leaves_out_the_slow_cases():
    quick = {case.id for case in select(load(), "quick", ())}

    assert quick
    assert not {"A05", "T03"} & quick


def test_unknown_case_is_refused_by_name():
    with pytest.raises(
        CaseError, match=r"unknown case 'T1': did you mean T01\? See 'adsmock list'"
    ):
        select(load(), "core", ("T1",))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title", "titel", "Z01.toml: unknown field 'titel': did you mean title?"),
        (
            "start =",
            "starts =",
            "Z01.toml: sandbox: unknown field 'starts': did you mean start?",
        ),
        (
            'verb = "list"',
            'verb = "lists"',
            "Z01.toml: tasks[0].verb: unknown value 'lists': did you mean list?",
        ),
        (
            "alias =",
            "aliaz =",
            "Z01.toml: sandbox.state[0]: unknown field 'aliaz': did you mean alias?",
        ),
    ],
)
def test_case_error_names_the_place_and_the_nearest_name(old, new, message):
    with pytest.raises(CaseError) as error:
        parse(SMALL.replace(old, new, 1), "Z01.toml")

    assert str(error.value) == message


def resolved(value):
    if isinstance(value, dict):
        if set(value) in ({"$profile"}, {"$id"}):
            return "1"
        if set(value) == {"$instance"}:
            return {"instanceId": "1", "advertiserId": "2", "marketplaceId": "3"}
        if set(value) == {"$queueArn"}:
            return f"arn:aws:sqs:us-east-1:111122223333:{value['$queueArn']}"
        if set(value) == {"$queue"}:
            return "http://127.0.0.1:1/_aws/111122223333/ads"
        return {key: resolved(member) for key, member in value.items()}
    return [resolved(member) for member in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", load().values(), ids=lambda case: case.id)
def test_task_of_each_case_fits_the_task_schema(case):
    task = {
        "case": case.id,
        "seed": 7,
        "tasks": [{"verb": one.verb, "args": resolved(one.args)} for one in case.tasks],
        "regions": {"NA": {"ads": "http://127.0.0.1:1", "lwa": "http://127.0.0.1:1"}},
        "profiles": [{"profileId": "1", "region": "NA", "countryCode": "US"}],
        "credentials": {"clientId": "a", "clientSecret": "b", "refreshToken": "c"},
    }

    jsonschema_rs.validate(TASK, task)


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        (rule["if"]["properties"]["verb"]["const"], example)
        for rule in TASK["$defs"]["task"]["allOf"]
        for name in [rule["then"]["properties"]["args"]["$ref"].rpartition("/")[2]]
        for example in TASK["$defs"][name].get("examples", [])
    ],
    ids=str,
)
def test_every_example_of_a_verb_fits_the_task_schema(verb, args):
    definition = {"$defs": TASK["$defs"], "$ref": "#/$defs/task"}

    jsonschema_rs.validate(definition, {"verb": verb, "args": args})


def test_every_verb_and_each_of_its_arguments_is_described():
    for rule in TASK["$defs"]["task"]["allOf"]:
        args = TASK["$defs"][rule["then"]["properties"]["args"]["$ref"].rpartition("/")[2]]
        assert args["description"]
        for member in args.get("properties", {}).values():
            name = member.get("$ref", "").rpartition("/")[2]
            assert member.get("description") or TASK["$defs"][name].get("description"), member


def test_task_schema_refuses_an_unknown_argument():
    task = {
        "case": "A01",
        "seed": 7,
        "tasks": [{"verb": "idle", "args": {"hours": 1}}],
        "regions": {},
        "profiles": [],
        "credentials": {"clientId": "a", "clientSecret": "b", "refreshToken": "c"},
    }

    assert not jsonschema_rs.is_valid(TASK, task)


def test_every_check_of_a_case_with_several_says_how_to_fix_it():
    lacking = [
        check.id
        for case in load().values()
        for check in case.checks[1 if case.every else 0 :]
        if len(case.checks) > 1 and check.severity != "INFO" and not check.how_to_fix
    ]

    assert lacking == []


def test_every_check_that_can_be_unproven_says_what_the_program_has_to_do():
    checks_of_tasks = [one for case in load().values() if not case.every for one in case.checks]

    assert [check.id for check in checks_of_tasks if not check.to_prove] == []
    texts = {check.to_prove for check in checks_of_tasks} | {
        check.how_to_fix for case in load().values() for check in case.checks
    }
    sentences = [one for text in texts for one in re.split(r"[.:;] ", text)]
    assert [one for one in sentences if len(one.split()) > 25] == []
