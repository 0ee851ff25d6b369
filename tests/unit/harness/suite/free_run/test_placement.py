"""Which faults share a round, and on which calls they are placed."""

from collections import Counter
from dataclasses import replace

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.free_run.every_write import in_each_region
from adsmock.harness.suite.free_run.opportunity import lack, mode
from adsmock.harness.suite.free_run.placement import alone, plan
from adsmock.harness.suite.free_run.traffic import Traffic
from tests.unit.harness.suite.free_run.traffic_samples import (
    PROFILES,
    everything,
    lists,
    one_list,
    slot,
)

TRAFFIC = everything()


def playable(traffic=TRAFFIC):
    cases = (case for case in load().values() if not case.every)
    return [case for case in cases if lack(case, traffic) is None]


def rounds(*names, traffic=TRAFFIC):
    return plan([load()[name] for name in names], traffic)


def rules(one, case):
    return [fault for placed in one.placed if placed.case.id == case for fault in placed.faults]


def test_program_that_does_everything_gives_most_cases_an_opportunity():
    assert len(playable()) >= 60


def test_every_case_with_an_opportunity_is_clean_or_in_exactly_one_round():
    cases = playable()
    planned = Counter(placed.case.id for one in plan(cases, TRAFFIC) for placed in one.placed)

    assert set(planned.values()) == {1}
    assert {case.id for case in cases if mode(case) != "clean"} == set(planned)


def test_no_two_cases_of_a_round_use_the_same_calls():
    for one in plan(playable(), TRAFFIC):
        if not one.is_alone:
            used = [slot for placed in one.placed for slot in placed.slots]
            assert len(used) == len(set(used)), [placed.case.id for placed in one.placed]


def test_fault_sequence_is_placed_on_the_calls_of_one_slot():
    (one,) = rounds("T01")
    placed = rules(one, "T01")

    assert {fault.when["attempt"] for fault in placed} == {1, 2, 3}
    assert len({str(fault.match) for fault in placed}) == 1
    assert max(fault.when["times"] for fault in placed) == 2


def test_list_fault_goes_to_the_resource_that_the_program_lists():
    only_keywords = everything()
    slots = tuple(one for one in only_keywords.slots if one.operation != "sp.campaigns.list")
    (one,) = rounds("E05", traffic=type(TRAFFIC)(slots, 1, has_tree=True))

    assert {name for fault in rules(one, "E05") for name in fault.match["operation"]} <= {
        "sp.adGroups.list",
        "sp.productAds.list",
        "sp.keywords.list",
    }


def test_download_faults_tell_exports_from_reports():
    export, report = rounds("X03"), rounds("R07")

    assert rules(export[0], "X03")[0].match["path"] == "/[A-Z]*"
    assert rules(report[0], "R07")[0].match["path"] == "/[!A-Z]*"


def test_short_file_is_that_of_a_report_and_of_an_export():
    (one,) = rounds("N04")
    paths = [(fault.kind, fault.match["path"]) for fault in rules(one, "N04")]

    files = ("/[A-Z]*", "/[!A-Z]*")
    assert sorted(paths) == sorted((kind, at) for kind in ("truncate", "bad-gzip") for at in files)


def test_program_that_only_reports_gets_short_files_too():
    reports = Traffic((slot("storage.get", "", 4, "/[!A-Z]*"),), 1, has_tree=False)
    (one,) = rounds("N04", traffic=reports)

    assert {fault.match["path"] for fault in rules(one, "N04")} == {"/[!A-Z]*"}


@pytest.mark.parametrize("place", [plan, lambda cases, traffic: [alone(cases[0], traffic)]])
@pytest.mark.parametrize(("pages", "skip"), [(2, 0), (3, 1), (9, 1)])
def test_refused_token_is_one_that_the_program_sends(place, pages, skip):
    slots = (slot("sp.campaigns.list", "NA.US", pages), slot("sp.campaigns.list", "EU.UK", 1))
    (one,) = place([load()["P05"]], Traffic((*slots, slot("sp.keywords.list")), 1, False))
    (rule,) = rules(one, "P05")

    assert rule.match["operation"] == ["sp.campaigns.list"]
    assert rule.match["profileId"] == {"$profile": "NA.US"}
    assert rule.when["skip"] == skip


@pytest.mark.parametrize(("pages", "skip"), [(2, 0), (3, 1), (9, 1)])
def test_emptied_page_is_not_the_last_one_of_its_list(pages, skip):
    slots = (slot("sp.campaigns.list", "NA.US", pages), slot("sp.campaigns.list", "EU.UK", 1))
    (one,) = rounds("P03", traffic=Traffic(slots, 1, has_tree=False))
    (rule,) = rules(one, "P03")

    assert rule.match["profileId"] == {"$profile": "NA.US"}
    assert rule.when["skip"] == skip


def test_token_is_that_of_another_list_where_the_usual_one_has_a_single_page():
    slots = (slot("sp.campaigns.list", "NA.US", 1), slot("sp.keywords.list", "NA.US", 2))
    (one,) = rounds("P05", traffic=Traffic(slots, 1, has_tree=False))
    (rule,) = rules(one, "P05")

    assert (rule.match["operation"], rule.when["skip"]) == (["sp.keywords.list"], 0)


def test_program_that_reads_single_pages_lacks_a_page_token():
    single = Traffic((slot("sp.campaigns.list", "NA.US", 1),), 1, has_tree=False)

    for case in ("P03", "P05"):
        assert lack(load()[case], single) == (
            "no opportunity: your program would have to read a second page of a list with nextToken"
        )


@pytest.mark.parametrize(
    ("case", "own", "other", "words"),
    [
        ("X03", "/[A-Z]*", "/[!A-Z]*", "download the file of an export"),
        ("R07", "/[!A-Z]*", "/[A-Z]*", "download the file of a report"),
    ],
)
def test_case_of_one_kind_of_file_names_the_kind_that_the_program_lacks(case, own, other, words):
    needs = [Traffic((slot("storage.get", "", 4, at),), 1, has_tree=False) for at in (own, other)]

    assert lack(load()[case], needs[0]) is None
    assert words in lack(load()[case], needs[1])


def test_cases_that_need_the_same_calls_are_played_in_later_rounds():
    planned = rounds("P02", "P03", traffic=type(TRAFFIC)(lists()[:3], 1, has_tree=False))

    assert [[placed.case.id for placed in one.placed] for one in planned] == [["P02"], ["P03"]]


def test_cases_with_equal_endless_faults_share_a_round_and_each_keeps_its_names():
    (one,) = rounds("T06", "T07")

    assert one.is_alone
    assert [fault.id for fault in one.case.faults] == ["T06:for-ever"]
    assert [fault.id for placed in one.placed for fault in placed.faults] == [
        "T06:for-ever",
        "T07:for-ever",
    ]


def test_endless_fault_is_bounded_and_placed_on_one_profile():
    (one,) = rounds("T06")
    fault = one.case.faults[0]

    assert fault.when["times"] == 40
    assert fault.match["profileId"]["$profile"] in PROFILES


def test_fault_that_lasts_keeps_its_duration():
    (one,) = rounds("G01")

    assert one.case.faults[0].when == {"skip": 1, "lasts": "PT8S"}


def test_case_with_its_own_sandbox_never_shares_a_round():
    planned = rounds("V01", "E01", "P06")

    assert [[placed.case.id for placed in one.placed] for one in planned if one.is_alone] == [
        ["V01"],
        ["P06"],
    ]


def test_failed_export_shares_no_round_with_faults_of_its_status_calls():
    planned = rounds("X04", "X06")

    assert [{placed.case.id for placed in one.placed} for one in planned if one.is_alone] == [
        {"X06"}
    ]


def test_small_program_places_as_many_faults_as_it_has_calls():
    (one,) = rounds("T01", traffic=one_list())

    assert rules(one, "T01")


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("B01", "create entities"),
        ("R02", "request a report"),
        ("X03", "download the file"),
        ("D04", "which values your program intends"),
        ("G01", "at least two regions"),
        ("G02", "list the profiles in each region"),
        ("N08", "change entities"),
        ("T11", "at the same time"),
    ],
)
def test_missing_opportunity_is_reported_in_plain_words(case, words):
    assert words in str(lack(load()[case], one_list()))


def test_case_with_all_it_needs_lacks_nothing():
    assert lack(load()["T01"], one_list()) is None


def test_slot_of_another_kind_is_no_opportunity():
    traffic = type(TRAFFIC)((slot("profiles.list", ""),), 1, has_tree=False)

    assert "read a list of entities" in str(lack(load()["T01"], traffic))


def test_case_needs_the_operations_of_its_faults_not_those_that_its_checks_count():
    updates = type(TRAFFIC)((slot("sp.keywords.update"),), 1, has_tree=False)

    assert lack(load()["N08"], updates) is None


def test_program_without_a_call_to_a_product_lacks_one():
    jobs = type(TRAFFIC)((slot("exports.get"), slot("exports.get", "EU.UK")), 1, has_tree=False)

    assert "such as sp.campaigns.list" in str(lack(load()["A06"], jobs))


def test_revoked_token_disturbs_no_other_case():
    assert [[one.case.id for one in each.placed] for each in rounds("A03", "A11", "E05")] == [
        ["E05"],
        ["A11"],
        ["A03"],
    ]


def test_every_sandbox_has_the_present_time_and_versions_that_have_ended():
    (one,) = rounds("V01")

    assert one.case.sandbox.start == ""
    assert one.case.sandbox.versions == {"sp": "2020-01-01"}
    assert mode(load()["V02"]) == "clean"


def test_no_long_round_is_left_at_the_end():
    planned = plan(playable(), TRAFFIC)
    alone = [one.seconds for one in planned if one.is_alone]

    assert "N05" in {one.placed[0].case.id for one in planned[:3]}
    assert alone == sorted(alone, reverse=True)


def test_fault_that_lasts_costs_its_duration():
    (one,) = rounds("E08")

    assert one.seconds == 30
    assert one.case.faults[0].when == {"lasts": "PT30S"}


def test_create_with_a_lost_answer_is_that_of_a_vendor_if_the_program_has_one():
    creates = [slot("sp.campaigns.create", name, 3) for name in ("NA.US", "EU.DE", "FE.JP")]
    for traffic, place in ((Traffic(tuple(creates), 1, True), "EU.DE"), (TRAFFIC, None)):
        (one,) = rounds("N06", traffic=traffic)
        (rule,) = rules(one, "N06")

        found = rule.match["profileId"]["$profile"]
        assert found == place or (place is None and found in PROFILES)


def test_look_up_after_a_lost_answer_gets_no_fault_of_another_case():
    verbs = ("list", "create")
    slots = [slot(f"sp.campaigns.{verb}", at, 2) for verb in verbs for at in PROFILES]
    names = ("T08", "B03", "C03", "E07", "N03", "E04", "E05")
    planned = rounds(*names, traffic=Traffic(tuple(slots), 1, has_tree=False))
    lists = [fault for one in planned for fault in one.case.faults if "list" in str(fault.match)]

    assert {placed.case.id for one in planned for placed in one.placed} == set(names)
    assert {fault.id[:3] for fault in lists} >= {"T08", "E04", "E05"}
    for one in planned:
        looked_up = [r.match["profileId"] for name in ("E07", "N03") for r in rules(one, name)]
        others = [rule for rule in one.case.faults if rule.id[:3] not in {"E07", "N03"}]
        reads = [
            r.match["profileId"] for r in others if r.match["operation"] == [slots[0].operation]
        ]
        assert not [profile for profile in looked_up if profile in reads]


def test_case_about_a_vendor_waits_until_the_calls_of_its_profile_are_free():
    creates = [slot("sp.campaigns.create", "NA.US", 3), slot("sp.campaigns.create", "EU.DE", 1)]
    planned = rounds("E07", "N06", traffic=Traffic(tuple(creates), 1, has_tree=False))
    (rule,) = [rule for one in planned for rule in rules(one, "N06")]

    assert rule.match["profileId"] == {"$profile": "EU.DE"}


def test_forbidden_profile_is_followed_by_another_in_the_work_of_the_program():
    (one,) = rounds("A09")
    (fault,) = rules(one, "A09")
    place = TRAFFIC.profiles.index(fault.match["profileId"]["$profile"])

    assert place < len(TRAFFIC.profiles) - 1


def test_fault_of_a_later_page_is_on_the_last_page_of_a_short_list():
    short = Traffic((slot("sp.campaigns.list", calls=2),), concurrent=1, has_tree=False)
    (one,) = rounds("P02", traffic=short)
    (fault,) = rules(one, "P02")

    assert fault.when["skip"] == 1


def test_no_fault_of_a_later_page_is_on_the_only_page_of_a_list():
    single = Traffic((slot("sp.campaigns.list", calls=1),), concurrent=1, has_tree=False)

    assert rounds("P02", traffic=single) == []


@pytest.mark.parametrize("name", ["P03", "V04"])
def test_no_other_case_uses_the_profile_whose_data_a_fault_edits(name):
    for one in plan(playable(), TRAFFIC):
        edited = [placed for placed in one.placed if placed.case.id == name]
        profiles = {slot.profile for placed in edited for slot in placed.slots[:1]}
        others = [placed for placed in one.placed if placed.case.id != name]

        assert not profiles & {slot.profile for placed in others for slot in placed.slots}


@pytest.mark.parametrize(
    ("name", "seconds"), [("R03", 180), ("X02", 20), ("R11", 0), ("N01", 300), ("N05", 300)]
)
def test_round_of_slow_jobs_has_time_for_one_after_the_other(name, seconds):
    jobs = (
        slot("reporting.create", "NA.US", 1),
        slot("reporting.create", "EU.UK", 1),
        slot("exports.campaigns.create", "NA.US", 1),
    )
    (round_,) = rounds(
        name, traffic=Traffic((*TRAFFIC.slots[:12], *jobs, slot("exports.get")), 1, has_tree=False)
    )

    assert round_.job_seconds == seconds
    assert round_.seconds >= seconds


@pytest.mark.parametrize("size", [2, 3, 4, 10])
def test_item_that_succeeds_follows_the_failing_one_so_that_its_row_is_not_at_its_index(size):
    create = replace(slot("sp.campaigns.create", calls=1), items=size)
    tree = Traffic((create, slot("sp.adGroups.create", calls=1)), 1, has_tree=True)
    placed = alone(load()["C01"], tree).placed[0]
    (fault,) = placed.faults

    assert max(fault.effect["indexes"]) < size - 1


def listing(*regions):
    """Return the traffic of a program that lists the profiles of these regions."""
    lists = [replace(slot("profiles.list", "", 1), region=region) for region in regions]
    return Traffic((slot("sp.campaigns.list"), *lists), concurrent=1, has_tree=False)


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        (
            ("NA", "EU", "FE"),
            {"": ["EU"], "G05:not-listed__FE": ["FE"], "G05:not-listed__NA": ["NA"]},
        ),
        (("NA",), {"": ["NA"]}),
    ],
)
def test_refused_list_of_profiles_has_a_round_for_each_region(regions, expected):
    traffic = listing(*regions)
    found = plan([in_each_region(load()["G05"], traffic)], traffic)

    assert {one.replay: one.placed[0].faults[0].match["region"] for one in found} == expected
    assert all(len(one.placed[0].faults) == 1 and one.is_alone for one in found)


def test_program_that_lists_no_profiles_lacks_the_refused_list():
    traffic = Traffic((slot("sp.campaigns.list"),), concurrent=1, has_tree=False)
    case = in_each_region(load()["G05"], traffic)

    assert "list the profiles in each region" in lack(case, traffic)
