"""The record of a case in a free run: only what its faults are about."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as replace_record

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks.lost_work import work_is_not_lost
from adsmock.harness.suite.free_run.case_records import of_clean, of_round
from adsmock.harness.suite.free_run.placement import plan
from adsmock.harness.suite.free_run.traffic import REPORTS, Traffic
from adsmock.harness.suite.journal import CaseView
from tests.unit.harness.suite.free_run.traffic_samples import PROFILES, played, slot
from tests.unit.harness.suite.journal_rows import call, met

HOME = {label[:2]: profile for label, profile in PROFILES.items()}
CREATE = "sp.campaigns.create"


def creating(region, number, **more):
    body = {"campaigns": [{"name": "Season 1"}]}
    return call(CREATE, number, 207, region=region, profileId=HOME[region], request=body, **more)


def file(number, region, fault=None):
    path = f"/{region}.json.gz"
    return call("storage.get", number, 200, method="GET", path=path, region=region, fault=fault)


def in_all_regions(case):
    """Return the record of a case placed on one profile, of a program that works for two."""
    traffic = Traffic((slot(CREATE, "NA.US"), slot(CREATE, "EU.UK")), 1, has_tree=False)
    (one,) = plan([load()[case]], traffic)
    (placed,) = one.placed
    fault = met(placed.faults[0].id)
    rows = (creating("NA", 1, fault=fault), creating("EU", 2), creating("NA", 3))
    made = {profile: {"sp.campaigns": [{"name": "Season 1"}]} for profile in PROFILES.values()}
    found = played(*rows, created=made)
    places = tuple({"profileId": one, "region": name[:2]} for name, one in PROFILES.items())
    found = replace(found, record=replace_record(found.record, profiles=places))
    return of_round(placed, one, found, found, ())


def test_same_work_for_another_profile_is_left_out():
    record = in_all_regions("N03")

    assert {row["profileId"] for row in record.rows} == {PROFILES["NA.US"]}


def test_tasks_and_entities_are_those_of_the_same_profiles():
    record = in_all_regions("N03")

    assert {task["args"]["profile"] for task in record.tasks} == {PROFILES["NA.US"]}
    assert record.created.keys() == {PROFILES["NA.US"]}


def report(region, number):
    """Return the calls for a report of one region, whose file is on the one storage host."""
    own = {"region": region, "profileId": HOME[region]}
    body = {"startDate": "2026-11-01", "endDate": "2026-11-02"}
    body["configuration"] = {"reportTypeId": "spCampaigns"}
    job = f"r{region}"
    done = {"status": "COMPLETED", "url": f"https://files.test/{region}.json.gz?sig=1"}
    return (
        call("reporting.create", number, request=body, reply={"reportId": job}, **own),
        call("reporting.get", number + 1, path=f"/reporting/reports/{job}", reply=done, **own),
        file(number + 2, region) | {"region": "NA"},
    )


@pytest.mark.parametrize("region", ["EU", "NA"])
def test_files_belong_to_the_region_of_their_job_where_a_case_is_about_one_region(region):
    tokens = replace(slot("lwa.token", "", 3), region=region)
    (one,) = plan([load()["A08"]], Traffic((tokens,), 1, has_tree=False))
    (placed,) = one.placed
    refused = call("lwa.token", 1, 503, region=region, fault=met(placed.faults[0].id))
    found = played(refused, *report("NA", 2), *report("EU", 6))
    places = tuple({"profileId": one, "region": name[:2]} for name, one in PROFILES.items())
    found = replace(found, record=replace_record(found.record, profiles=places))

    record = of_round(placed, one, found, found, ())

    assert [row["path"] for row in record.rows if row["operation"] == "storage.get"] == [
        f"/{region}.json.gz"
    ]
    assert work_is_not_lost(CaseView.of(record)).outcome == "holds"


def test_completed_handshakes_of_the_clean_pass_count_where_no_host_is_trusted():
    traffic = Traffic((slot("sp.campaigns.list", "NA.US", 2),), 1, has_tree=False)
    (one,) = plan([load()["S06"]], traffic)

    def shake(number, version):
        return call("tls.handshake", number, request={"version": version, "flaw": "none"})

    def numbers(*versions):
        clean = played(*(shake(number, each) for number, each in enumerate(versions, 1)))
        found = of_round(one.placed[0], one, clean, played(), ()).numbers
        return (found or {}).get("S06.modern", {})

    assert numbers("TLSv1.3", "TLSv1.2") == {"modern": 2}
    assert numbers("TLSv1.3", "TLSv1.1") == numbers() == numbers("") == {}


def test_short_file_is_judged_with_the_jobs_of_all_regions():
    traffic = Traffic((slot("storage.get", "", 2, REPORTS),), 1, has_tree=False)
    (one,) = plan([load()["N04"]], traffic)
    (placed,) = one.placed
    faults = {fault.kind: met(fault.id, kind=fault.kind) for fault in placed.faults}
    clean = played(file(1, "NA"), file(2, "EU"))
    spoiled = played(file(1, "NA", faults["truncate"]), file(2, "EU", faults["bad-gzip"]))

    record = of_round(placed, one, clean, spoiled, ())

    assert [row["region"] for row in record.rows] == ["NA", "EU"]
    assert record.numbers["N04.whole"] == {"files": 2}


def test_retries_are_limited_without_a_number_of_calls():
    traffic = Traffic((slot("sp.campaigns.list"),), 1, has_tree=False)
    (one,) = plan([load()["E08"]], traffic)
    found = played(call("sp.campaigns.list", 1, 503, fault=met(one.case.faults[0].id)))

    record = of_round(one.placed[0], one, found, found, ())

    assert record.numbers["E08.once"]["calls"] == 1


def test_list_that_a_program_begins_twice_without_faults_may_begin_once_more():
    traffic = Traffic((slot("sp.campaigns.list", calls=4),), 1, has_tree=False)
    (one,) = plan([load()["P05"]], traffic)
    pages = [call("sp.campaigns.list", at, profileId=PROFILES["NA.US"]) for at in range(3)]
    pages[1] |= {"request": {"nextToken": "a"}}
    found = played(*pages)

    record = of_round(one.placed[0], one, found, found, ())

    assert record.numbers["P05.restart"]["usual"] == 1


def test_tokens_are_counted_in_the_busiest_region_whatever_the_number_of_handshakes():
    handshakes = [call("tls.handshake", number, 0) | {"region": None} for number in range(1, 9)]
    calls = [creating("NA", 9), creating("EU", 10), creating("EU", 11)]
    record = of_clean(load()["A02"], played(*handshakes, *calls), Traffic((), 1, has_tree=False))

    assert [row["region"] for row in record.rows] == ["EU", "EU"]
