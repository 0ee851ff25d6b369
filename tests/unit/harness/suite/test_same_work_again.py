"""Work that only looks like a repetition, and sentences that say exactly what was repeated."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks.work import work_is_done_once
from adsmock.harness.suite.free_run.case_records import of_round
from adsmock.harness.suite.free_run.placement import plan
from adsmock.harness.suite.free_run.traffic import Traffic
from adsmock.harness.suite.invariants import journals_of, judge_invariant
from adsmock.harness.suite.journal import CaseView, Ending, Work
from adsmock.harness.suite.unlisted_checks import how_to_fix
from tests.unit.harness.suite.free_run.traffic_samples import PROFILES, played, slot
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.sample_data import raised
from tests.unit.harness.suite.sample_paging import page
from tests.unit.harness.suite.sample_security import FLAWED, secure, shake
from tests.unit.harness.suite.test_samples import verdict_of

OTHER = {"nameFilter": {"include": ["Prime Day"]}}


def dead(at, token="a", **more):
    return page(at, token, None, status=400, reply={}, fault=met("token-expired"), **more)


RESTARTED = (page(1, None, "a"), dead(2), page(3, None, "a"), dead(4))


def test_token_that_the_restarted_list_returns_again_is_no_repeat():
    assert verdict_of("P05.restart", record("P05", *RESTARTED)).status == "PASS"


def test_refused_token_is_a_repeat_before_a_page_returns_it_again():
    twice = (page(1, None, "a"), dead(2), dead(3), page(4, None, "a"), dead(5))

    assert verdict_of("P05.restart", record("P05", *twice)).status == "WARN"
    assert verdict_of("P05.restart", record("P05", *RESTARTED, dead(5))).status == "WARN"


def test_list_with_another_filter_is_no_restart():
    rows = (*RESTARTED, page(5, None, None, body=OTHER))

    found = verdict_of("P05.restart", record("P05", *rows))

    assert found.status == "PASS"
    assert found.sentence == "after the token had expired, the list was restarted 1 time"


def test_list_of_the_next_task_is_no_reaction_to_a_refused_token():
    given_up = (page(1, None, "a"), dead(2), page(3, None, None, body=OTHER))
    reported = Ending(exit_code=1)

    assert verdict_of("P05.restart", record("P05", *given_up)).status == "UNPROVEN"
    assert verdict_of("P05.restart", record("P05", *given_up, ending=reported)).status == "PASS"


def test_restarts_without_faults_are_those_of_the_same_list():
    (one,) = plan([load()["P05"]], Traffic((slot("sp.campaigns.list"),), 1, has_tree=False))
    rows = (
        page(1, None, "a"),
        page(2, "a", None),
        *(page(n, None, None, body=OTHER) for n in (3, 4)),
    )
    found = played(*(row | {"profileId": PROFILES["NA.US"]} for row in rows))

    assert of_round(one.placed[0], one, found, found, ()).numbers["P05.restart"]["usual"] == 0


def test_bid_that_is_raised_again_is_named_with_the_amount_that_was_lost():
    lost = raised(2, 0.61, status=0, committed=True, ended="reset", fault=met("answer-lost"))
    again = raised(5, 0.67, committed=True)
    items = [{"keywordId": "5", "bid": 0.67}, {"keywordId": "6", "bid": 0.36}]
    where = {"resource": "sp.keywords", "profile": "11", "items": items}
    tasks = ({"verb": "update", "args": where},)

    found = verdict_of("N08.once", record("N08", lost, again, tasks=tasks))

    assert found.status == "FAIL"
    assert found.sentence.endswith("bid of 5 sent as 0.67 instead of 0.61")


def changed(*work, rows):
    ending = Ending(exit_code=0)
    return work_is_done_once(CaseView.of(record("N08", *rows, work=work, ending=ending)))


def change(bid, entity=5):
    name = f'{entity} {{"bid": {bid}}}'
    return Work("changed", "sp.keywords.update", "NA.US", name, 1, None, 0)


def test_change_that_was_made_and_then_changed_again_is_not_called_never_made():
    rows = (raised(2, 0.61, committed=True), raised(5, 0.67, committed=True))

    assert changed(change(0.61), rows=rows).sentence == (
        "1 of 1 intended changes were made with sp.keywords.update and then changed again for "
        "NA.US, such as \"5 {'bid': 0.61}\", which was then changed to {'bid': 0.67}; "
        "the program ended with exit code 0, which says that all is done"
    )


def test_change_that_no_update_stored_was_never_made():
    rows = (raised(2, 0.61, status=503), raised(5, 0.67, committed=True))

    for work in (change(0.61), change(0.61, entity=6)):
        assert changed(work, rows=rows).sentence.startswith(
            "1 of 1 intended changes were never made with sp.keywords.update for NA.US"
        )


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (0, "that no pass without faults used"),
        (3, "that differ in each pass, and at most 3 without faults"),
    ],
)
def test_surplus_of_entities_with_other_names_is_said_as_such(most, words):
    work = Work("created", "sp.adGroups.create", "EU.DE", "", 0, most, 6)

    assert changed(work, rows=(raised(1, 0.6),)).sentence == (
        f"sp.adGroups.create made 6 entities with names {words}"
    )


def made(resource, name, most, seen, profile="EU.DE"):
    return Work("created", f"sp.{resource}.create", profile, name, most, most, seen)


RENAMED = [
    made("adGroups", "Prime 1 v2 / Group 1", 0, 1),
    made("campaigns", "Prime 1 v2", 0, 1),
    made("campaigns", "Prime 2 v2", 0, 1),
    made("keywords", "Prime 1 v2 / Group 1 / shoes / EXACT", 0, 1),
]
BELOW_ANOTHER = [
    made("adGroups", "Prime 2 / Group 1", 0, 1),
    made("adGroups", "Prime 1 / Group 1", 1, 0),
    made("keywords", "Prime 2 / Group 1 / shoes / EXACT", 0, 1),
    made("keywords", "Prime 1 / Group 1 / shoes / EXACT", 1, 0),
]
NEXT_TO_IT = [made("adGroups", "Prime 2 / Group 1", 0, 1), made("adGroups", "A / Group 1", 1, 1)]


@pytest.mark.parametrize(
    ("work", "sentence", "advice"),
    [
        (
            RENAMED,
            (
                "sp.campaigns.create made 2 entities with names that no pass without faults used, "
                'such as "Prime 1 v2"; 4 too many in all'
            ),
            "repeat it under the same name",
        ),
        (
            BELOW_ANOTHER,
            (
                'sp.adGroups "Group 1" is below "Prime 2", without faults it is below "Prime 1"; 2 '
                "too many in all"
            ),
            "the id of a parent",
        ),
        (
            NEXT_TO_IT,
            (
                "sp.adGroups.create made 1 entity with a name that no pass without faults used, "
                'such as "Prime 2 / Group 1"'
            ),
            "repeat it under the same name",
        ),
        (
            [made("campaigns", "A / Group 1", 0, 1), made("campaigns", "B / Group 1", 1, 0)],
            (
                "sp.campaigns.create made 1 entity with a name that no pass without faults used, "
                'such as "A / Group 1"'
            ),
            "repeat it under the same name",
        ),
    ],
    ids=["renamed", "below another parent", "the same name below two parents", "slash in a name"],
)
def test_doubled_work_is_named_by_its_first_parent_with_advice_that_fits(work, sentence, advice):
    found = changed(*work, rows=(raised(1, 0.6),))

    assert found.sentence == sentence
    assert advice in how_to_fix("x.work", found.numbers)


@pytest.mark.parametrize(
    ("without_faults", "status"), [((secure(1),), "PASS"), ((), "UNPROVEN")], ids=["tls", "no call"]
)
def test_calls_without_faults_show_that_the_program_trusts_the_other_servers(
    without_faults, status
):
    (one,) = plan([load()["S01"]], Traffic((slot("sp.campaigns.list"),), 1, has_tree=False))
    refused = played(shake(3, FLAWED, "unknown-ca", error="TLSV1_ALERT_UNKNOWN_CA"))

    numbers = of_round(one.placed[0], one, played(*without_faults), refused, ()).numbers

    found = record("S01", *refused.record.rows, numbers=numbers)
    assert verdict_of("S01.refused", found).status == status


def early(at):
    return call("sp.campaigns.list", at, 429, retryAfter="20", chain=f"early{at}")


def test_evidence_of_cases_with_one_journal_names_the_case_that_has_the_call():
    first = record("E07", call("sp.adGroups.list", 0))
    rows = (early(10) | {"seq": 2}, early(10) | {"seq": 3, "tArrive": 512.0, "cArrive": 1782907212})
    second = replace(record("T01"), rows=rows, entries=2)

    found = judge_invariant(load()["I05"], journals_of([first, second], load()), load())

    (verdict,) = found.verdicts
    assert verdict.status == "FAIL"
    assert verdict.sentence.startswith("in case T01, ")
    assert {row.case for row in verdict.rows} == {"T01"}
