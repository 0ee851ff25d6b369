"""Plans: what changes, that a second plan is empty, and what no plan can change."""

import pytest

from adsmock.mockserver.app import create_app
from adsmock.mockserver.control.configuration.file import Configuration
from adsmock.mockserver.control.configuration.plan import plan
from adsmock.mockserver.control.configuration.step import Conflict
from adsmock.mockserver.control.in_process import InProcessControl

CAMPAIGN = {
    "name": "shoes",
    "targetingType": "MANUAL",
    "state": "ENABLED",
    "startDate": "2031-01-01",
    "budget": {"budgetType": "DAILY", "budget": 10.0},
}
FAULT = {"id": "storm", "effect": {"kind": "http", "status": 429}}


@pytest.fixture
def control():
    return InProcessControl(create_app())


def configuration(state=None, **sandbox):
    return Configuration({"staging": sandbox}, {"staging": state} if state else {})


def apply(control, wanted, **options):
    """Apply a configuration, check that a second plan is empty, and return the texts."""
    steps = plan(wanted, control, **options)
    for step in steps:
        step.apply(control)
    assert plan(wanted, control, **options) == []
    return [step.text for step in steps]


WHOLE = {
    "seed": 7,
    "journal": "full",
    "clock": {"mode": "scaled", "rate": 60.0},
    "profiles": [{"country": "US"}, {"country": "DE", "type": "vendor"}],
    "tokenLifetime": 60,
    "choices": {"review": "passes"},
    "quotas": {"sp.write": {"rate": 2.0, "burst": 4.0}},
    "pressure": {"EU": 0.5},
    "retryAfter": "never",
    "deprecations": {"sp": "2027-08-01"},
    "faults": [FAULT | {"when": {"probability": 0.5, "until": "+PT5M"}}],
}


def test_a_new_sandbox_gets_every_setting_and_the_second_plan_is_empty(control):
    texts = apply(control, configuration(**WHOLE))
    assert texts[0] == "+ create"
    row = control.call("sandboxes.get", sandbox="staging")
    assert row["seed"] == 7
    assert row["clock"]["rate"] == 60
    throttle = control.call("throttle.get", sandbox="staging")
    assert throttle["quotas"]["sp.write"]["rate"] == 2.0
    assert (throttle["pressure"], throttle["retryAfter"]) == ({"EU": 0.5}, "never")
    versions = control.call("versions.get", sandbox="staging")["families"]
    assert versions["sp"]["shutOff"] == "2027-08-01T00:00:00.000Z"
    assert [rule["id"] for rule in control.call("faults.list", sandbox="staging")["faults"]] == [
        "storm"
    ]


def test_an_empty_section_creates_a_sandbox_and_nothing_else(control):
    assert apply(control, configuration()) == ["+ create"]


@pytest.mark.parametrize(
    ("name", "over"),
    [
        ("region-dark", None),
        ("prime-day", "PT10M"),
        ("rush-hour", None),
        ("throttle-storm", None),
        ("slow-exports", None),
        ("slow-reports", None),
        ("deprecation", None),
        ("flaky-207", None),
    ],
)
def test_every_scenario_is_applied_once(control, name, over):
    given = {"name": name} | ({"over": over} if over else {})
    assert len(apply(control, configuration(scenario=given))) == 2


def test_another_scenario_replaces_the_first(control):
    apply(control, configuration(scenario={"name": "prime-day", "over": "PT10M"}))
    apply(control, configuration(scenario={"name": "region-dark"}))
    names = [rule["id"] for rule in control.call("faults.list", sandbox="staging")["faults"]]
    assert names == ["region-dark.eu"]
    assert control.call("throttle.get", sandbox="staging")["loadWindows"] == []


def test_a_scenario_with_another_duration_starts_again(control):
    apply(control, configuration(scenario={"name": "prime-day", "over": "PT10M"}))
    texts = apply(control, configuration(scenario={"name": "prime-day", "over": "PT20M"}))
    assert "~ scenario prime-day over PT20M: starts now" in texts


def test_only_a_changed_rule_is_replaced_and_foreign_rules_are_deleted(control):
    calm = {"id": "calm", "effect": {"kind": "latency", "latencyMs": 5}}
    apply(control, configuration(faults=[FAULT, calm]))
    control.call("faults.put", {"effect": {"kind": "html"}}, sandbox="staging", fault="foreign")
    texts = apply(control, configuration(faults=[FAULT | {"priority": 1}, calm]))
    assert texts == ["- fault foreign", "~ fault storm: replaced, its counts restart"]


def test_a_part_that_the_file_leaves_out_stays(control):
    apply(control, configuration(faults=[FAULT], pressure={"NA": 0.5}))
    assert apply(control, configuration(seed=0)) == []
    assert len(control.call("faults.list", sandbox="staging")["faults"]) == 1


def test_settings_that_change_are_named(control):
    apply(control, configuration(**WHOLE))
    changed = WHOLE | {
        "clock": {"mode": "frozen"},
        "pressure": {},
        "deprecations": {"sb": "2027-08-01"},
    }
    assert apply(control, configuration(**changed)) == [
        "~ clock: scaled → frozen",
        "~ throttle: pressure; buckets start full",
        "~ deprecation dates: sb, sp",
    ]


def test_entities_are_stored_once_and_calls_do_not_undo_them(control):
    state = {"profiles": {"US": {"sp.campaigns": [CAMPAIGN]}}}
    assert apply(control, configuration(state)) == ["+ create", "+ state: 1 entities"]
    profile = control.call("sandboxes.get", sandbox="staging")["profiles"][0]["profileId"]
    more = {"profiles": {profile: {"sp.campaigns": [CAMPAIGN | {"name": "hats"}]}}}
    control.call("state.patch", more, sandbox="staging")
    assert apply(control, configuration(state)) == []
    by_id = {"profiles": {profile: {"sp.campaigns": [CAMPAIGN]}}}
    assert apply(control, configuration(by_id)) == []


def test_changed_entities_replace_all_and_a_reset_sandbox_gets_them_again(control):
    state = {"profiles": {"US": {"sp.campaigns": [CAMPAIGN]}}}
    apply(control, configuration(state))
    other = {"profiles": {"US": {"sp.campaigns": [CAMPAIGN | {"name": "hats"}]}}}
    assert apply(control, configuration(other)) == ["~ state: 1 entities replace 1"]
    control.call("sandboxes.reset", {"scope": ["state"]}, sandbox="staging")
    assert apply(control, configuration(other)) == ["~ state: 1 entities replace 0"]


def test_entities_of_unknown_origin_are_never_replaced(control):
    apply(control, configuration())
    control.call("state.invent", {"campaigns": 1}, sandbox="staging")
    state = {"profiles": {"US": {"sp.campaigns": [CAMPAIGN]}}}
    with pytest.raises(Conflict, match="entities that come from no state file"):
        plan(configuration(state), control)


def test_a_country_without_one_profile_is_a_conflict(control):
    profiles = [{"country": "US"}, {"country": "US"}]
    for name in ("US", "DE"):
        state = {"profiles": {name: {}}}
        create, put = plan(configuration(state, profiles=profiles), control)
        create.apply(control)
        with pytest.raises(Conflict, match=f"the state names {name}"):
            put.apply(control)
        control.call("sandboxes.delete", sandbox="staging")


def test_demo_data_is_generated_once(control):
    texts = apply(control, configuration(demoCampaigns=1, profiles=[{"country": "US"}]))
    assert texts == ["+ create", "+ demo data: 1 campaigns for each profile"]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"journal": "lean"},
        {"tokenLifetime": 61},
        {"choices": {"review": "fails"}},
        {"profiles": [{"country": "US"}]},
    ],
)
def test_what_only_a_new_sandbox_can_have_needs_recreate(control, change):
    apply(control, configuration(**WHOLE))
    wanted = configuration(**(WHOLE | change))
    with pytest.raises(Conflict, match="--recreate"):
        plan(wanted, control)
    texts = apply(control, wanted, recreate=True)
    assert texts[0].startswith("- delete")
    assert texts[1] == "+ create"


def test_the_default_sandbox_is_never_recreated(control):
    with pytest.raises(Conflict, match="the credentials of this one are fixed"):
        plan(Configuration({"default": {"seed": 9}}), control, recreate=True)
    steps = plan(Configuration({"default": {"clock": {"mode": "frozen"}}}), control)
    assert [step.text for step in steps] == ["~ clock: real → frozen"]
