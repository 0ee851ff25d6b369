"""A partner that declares less than the suite has is judged on what it declares and shows."""

import json
import tomllib
from argparse import Namespace
from pathlib import Path

import pytest

from adsmock.harness.command import init
from adsmock.harness.config_file import read
from adsmock.harness.suite import manifest_draft
from adsmock.harness.suite.case import load
from adsmock.harness.suite.case.model import Task
from adsmock.harness.suite.journal import CaseView
from adsmock.harness.suite.judge import judge_case
from adsmock.harness.suite.manifest import declared
from adsmock.harness.suite.scope import Need, in_scope, needs_of
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.samples import SAMPLES


def manifest(**more):
    return declared({"name": "a", **more})


def verdict(check, status, says):
    found = SAMPLES[check][status]
    judged = judge_case(load()[found.case], found, manifest=says)
    return next(one for one in judged.verdicts if one.check == check)


@pytest.mark.parametrize(
    ("task", "needs"),
    [
        (
            Task("list", {"resource": "sp.keywords", "profile": {"$profile": "EU.UK"}}),
            {
                ("verbs", "list"),
                ("regions", "EU"),
                ("resources", "sp.keywords"),
                ("ad_products", "SPONSORED_PRODUCTS"),
            },
        ),
        (
            Task("report", {"reportTypeId": "sbCampaigns", "profile": {"$profile": "FE"}}),
            {
                ("verbs", "report"),
                ("regions", "FE"),
                ("report_types", "sbCampaigns"),
                ("ad_products", "SPONSORED_BRANDS"),
            },
        ),
        (
            Task("create_tree", {"campaigns": [{"adGroups": [{"keywords": [{}]}]}]}),
            {
                ("verbs", "create_tree"),
                ("resources", "sp.campaigns"),
                ("resources", "sp.adGroups"),
                ("resources", "sp.keywords"),
                ("ad_products", "SPONSORED_PRODUCTS"),
            },
        ),
        (
            Task("exports", {"kind": "ads"}),
            {
                ("verbs", "exports"),
                ("resources", "sp.productAds"),
                ("ad_products", "SPONSORED_PRODUCTS"),
            },
        ),
        (
            Task("reports", {"reports": [{"reportTypeId": "sdCampaigns"}]}),
            {
                ("verbs", "reports"),
                ("report_types", "sdCampaigns"),
                ("ad_products", "SPONSORED_DISPLAY"),
            },
        ),
        (Task("idle", {"seconds": 2}), {("verbs", "idle")}),
    ],
)
def test_needs_of_a_task(task, needs):
    assert needs_of(task) == {Need(*need) for need in needs}


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ({"regions": ["NA"]}, "regions does not include EU, FE"),
        ({"resources": ["sp.keywords"]}, "resources does not include sp.campaigns"),
        ({"ad_products": ["SPONSORED_BRANDS"]}, "ad_products does not include SPONSORED_PRODUCTS"),
        ({"verbs": ["create"]}, "verbs does not include steady"),
    ],
)
def test_unproven_check_outside_the_declared_scope_is_not_applicable(says, reason):
    case = load()["G04"]
    found = judge_case(case, record("G04"), manifest=manifest(**says))

    assert {one.status for one in found.verdicts} == {"N/A"}
    assert found.verdicts[0].sentence == f"declared in the manifest: {reason}"


@pytest.mark.parametrize(
    ("most", "status"),
    [(None, "UNPROVEN"), (1, "UNPROVEN"), (2, "UNPROVEN"), (3, "N/A"), (4, "UNPROVEN")],
)
def test_case_that_needs_more_calls_at_once_than_declared_is_not_applicable(most, status):
    says = manifest() if most is None else manifest(concurrent_calls=most)

    assert verdict("A04.grants", "UNPROVEN", says).status == status, "three calls were under way"


def test_sequential_program_declares_that_it_makes_one_call_at_a_time():
    rows = [call("sp.campaigns.list", at, 401, fault=met("refused-together")) for at in range(4)]
    sequential = record("A04", *rows)
    found = judge_case(load()["A04"], sequential, manifest=manifest(concurrent_calls=1))

    assert found.verdicts[0].status == "N/A"
    assert found.verdicts[0].sentence == (
        "declared in the manifest: concurrent_calls is 1, and the case needs 4 calls at the same "
        "time"
    )


def test_declared_sequence_excuses_no_breach():
    assert verdict("A04.grants", "WARN", manifest(concurrent_calls=1)).status == "WARN"
    assert verdict("T11.herd", "WARN", manifest(concurrent_calls=1)).status == "WARN"


def test_report_types_without_an_entry_mean_no_reports():
    found = judge_case(load()["R01"], record("R01"), manifest=manifest(report_types=[]))

    assert {one.status for one in found.verdicts} == {"N/A"}


def test_scope_that_includes_the_case_explains_nothing():
    says = manifest(regions=["NA", "EU", "FE"], resources=["sp.campaigns"])

    assert judge_case(load()["G04"], record("G04"), manifest=says).status == "UNPROVEN"


def test_region_that_is_declared_absent_and_seen_stays_unproven():
    calls = [call("sp.campaigns.list", at, region=region) for at, region in enumerate(("EU", "FE"))]
    says = manifest(regions=["NA"])

    assert judge_case(load()["G04"], record("G04", *calls), manifest=says).status == "UNPROVEN"


def test_listing_profiles_is_no_work_in_a_region():
    calls = [call("profiles.list", at, region=region) for at, region in enumerate(("EU", "FE"))]
    says = manifest(regions=["NA"])

    assert judge_case(load()["G04"], record("G04", *calls), manifest=says).status == "N/A"


def test_breach_in_the_declared_scope_counts():
    found = verdict("T01.early", "FAIL", manifest(regions=["NA"]))

    assert found.status == "FAIL"
    assert "declared" not in found.sentence


def test_tasks_outside_the_scope_are_not_judged_as_lost():
    case, says = load()["O01"], manifest(regions=["NA"], verbs=["create", "idle"])
    view = in_scope(case, CaseView.of(record("O01"), says), says)

    assert {task["verb"] for task in view.record.tasks} <= {"create", "idle"}


def test_claims_follow_their_tasks():
    case, says = load()["G01"], manifest(regions=["EU"])
    last = len(case.tasks) - 1
    kept = [n for n, task in enumerate(case.tasks) if Need("regions", "EU") in needs_of(task)]
    found = record("G01")
    claims = tuple({"task": n, "verb": "list", "status": "done"} for n in range(last + 1))
    ending = type(found.ending)(claims=claims)
    made = record("G01", ending=ending)
    view = in_scope(case, CaseView.of(made, says), says)

    assert [one["task"] for one in view.record.ending.claims] == list(range(len(kept)))
    assert len(view.record.tasks) == len(kept)


def test_region_without_a_task_that_reads_there_is_not_accused():
    calls = [
        call("profiles.list", at, region=region, profileId=None)
        for at, region in enumerate(("NA", "FE"))
    ]
    found = judge_case(load()["G02"], record("G02", *calls), manifest=manifest(regions=["NA"]))

    assert found.status == "N/A"


ONLY_NA = call("profiles.list", 0, profileId=None), call("sp.campaigns.list", 1)


@pytest.mark.parametrize(
    ("says", "status"),
    [
        (manifest(regions=["NA"]), "N/A"),
        (manifest(not_applicable=[{"id": "G02", "reason": "North America only"}]), "N/A"),
        (manifest(not_applicable=[{"id": "G02.found", "reason": "North America only"}]), "N/A"),
        (manifest(not_applicable=[{"id": "G03", "reason": "no refusals"}]), "WARN"),
        (manifest(regions=["NA", "FE"]), "WARN"),
        (manifest(), "WARN"),
    ],
    ids=["regions", "case", "check", "other case", "other regions", "nothing"],
)
def test_program_without_work_in_a_region_need_not_find_its_profile(says, status):
    found = judge_case(load()["G02"], record("G02", *ONLY_NA), manifest=says)

    assert found.status == status


def test_work_for_a_profile_of_a_declared_region_is_judged_wherever_it_is_sent():
    lost = call("sp.campaigns.list", 2, 404, profileId="33")
    says = manifest(regions=["NA"])
    found = judge_case(load()["G02"], record("G02", *ONLY_NA, lost), manifest=says)

    assert found.status == "WARN"


def journal(tmp_path, *rows):
    path = tmp_path / "journal.ndjson"
    lines = [{"kind": "run"}, *(row | {"seq": n, "kind": "entry"} for n, row in enumerate(rows))]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_manifest_is_drafted_from_traffic(tmp_path):
    path = journal(
        tmp_path,
        call("lwa.token", 0),
        call("profiles.list", 1, region="FE"),
        call("sp.campaigns.list", 2),
        call("reporting.create", 3, request={"configuration": {"reportTypeId": "sdCampaigns"}}),
    )
    text = manifest_draft.text(manifest_draft.drafted(manifest_draft.read_entries(path)))

    assert tomllib.loads(text) == {
        "resources": ["sp.campaigns"],
        "regions": ["NA"],
        "ad_products": ["SPONSORED_DISPLAY", "SPONSORED_PRODUCTS"],
        "report_types": ["sdCampaigns"],
    }


def test_traffic_without_reports_declares_that_there_are_none(tmp_path):
    path = journal(tmp_path, call("sp.campaigns.list", 2))

    assert manifest_draft.drafted(manifest_draft.read_entries(path))["report_types"] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{\n", "line 1 is not a journal entry"),
        ("[]\n", "line 1 is not a journal entry"),
        ('{"kind": "run"}\n', "no call to the API"),
    ],
)
def test_file_that_is_no_journal_is_refused(tmp_path, text, reason):
    path = tmp_path / "journal.ndjson"
    path.write_text(text)
    with pytest.raises(manifest_draft.JournalError, match=reason):
        manifest_draft.read_entries(path)


def test_init_writes_what_a_journal_shows(tmp_path, monkeypatch, capsys):
    path = journal(tmp_path, call("sp.campaigns.list", 2))
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    options = Namespace(lang="python", journal=path, free=None, through_proxy=False)

    assert init.run(options) == 0
    found = declared(read(Path("ads-client.toml"), "manifest").values)
    assert (found.resources, found.regions) == ({"sp.campaigns"}, {"NA"})
    assert "wrote ads-client.toml" in capsys.readouterr().out
