"""Which faults of a round are played again alone, because the exit code may report another one."""

import pytest
from msgspec.structs import replace as with_members

from adsmock.harness.suite.case import load
from adsmock.harness.suite.free_run.placement import alone, plan
from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.free_run.replay import (
    MOST_REPLAYS,
    as_replay,
    in_turn,
    most_replays,
    parts_of,
    replays_of,
    with_open_fault,
)
from adsmock.harness.suite.journal import CaseRecord, Ending, Work
from tests.unit.harness.suite.free_run.traffic_samples import everything, played

TRAFFIC = everything()
FAILED, STOPPED = Ending(exit_code=1), Ending(exit_code=-15, timed_out=True)


def refusals():
    return alone(load()["E02"], TRAFFIC)


def shared():
    (round_,) = plan([load()["B03"], load()["E05"]], TRAFFIC)
    return round_


def ended(round_, ending=FAILED, met=None):
    """Return a pass of a round in which these faults were met, by default all."""
    names = [fault.id for placed in round_.placed for fault in placed.faults]
    found = played(met=dict.fromkeys(names if met is None else met, 1))
    record = with_members(found.record, ending=ending)
    return Pass(record, found.before, found.after, found.names, found.met)


def lost(operation, profile="NA.US", kind="read"):
    return Work(kind, operation, profile, "", 1, None, 0)


def reads_done():
    """Return the lists of the traffic as work that was done."""
    lists = [slot for slot in TRAFFIC.slots if slot.kind == "list"]
    return [with_members(lost(slot.operation, slot.profile), seen=1) for slot in lists]


def created():
    """Return the creates of the traffic as work that was done."""
    writes = [slot for slot in TRAFFIC.slots if slot.kind == "create"]
    return [with_members(lost(one.operation, one.profile, "created"), seen=1) for one in writes]


def names(replays):
    return [replay.replay for replay in replays]


def test_lost_work_of_one_refusal_among_several_is_played_again_with_that_one():
    round_ = refusals()
    (replay,) = replays_of(round_, ended(round_), [lost("sp.adGroups.list")])

    assert replay.replay == "E02:read-404"
    assert [fault.id for fault in replay.placed[0].faults] == ["E02:read-404"]
    assert replay.is_alone
    assert replay.case.faults == replay.placed[0].faults
    assert {slot.operation for slot in replay.placed[0].slots} == {"sp.adGroups.list"}


@pytest.mark.parametrize("case", ["S01", "S06"])
def test_case_without_faults_has_nothing_to_play_apart(case):
    round_ = alone(load()[case], TRAFFIC)

    assert not any(placed.faults for placed in round_.placed)
    assert replays_of(round_, ended(round_), [lost("sp.campaigns.list")]) == []


def test_fault_that_the_program_never_reached_is_played_again_too():
    round_ = refusals()
    work = [lost("sp.campaigns.list"), lost("sp.adGroups.list")]
    found = replays_of(round_, ended(round_, met=["E02:read-400"]), work)

    assert names(found) == ["E02:read-404"]


def test_round_without_faults_is_not_played_again():
    round_ = alone(load()["R03"], TRAFFIC)

    assert parts_of(round_) == []
    assert replays_of(round_, ended(round_), [lost("sp.adGroups.list")]) == []


def test_failure_of_the_only_fault_needs_no_replay():
    round_ = alone(load()["E06"], TRAFFIC)
    operation = round_.placed[0].slots[0].operation

    assert replays_of(round_, ended(round_), [lost(operation)]) == []


@pytest.mark.parametrize(
    ("work", "ending"),
    [
        ([lost("sp.adGroups.list")], Ending(exit_code=0)),
        ([with_members(lost("sp.adGroups.list"), seen=1)], FAILED),
        ([lost("sp.adGroups.list")], STOPPED),
    ],
    ids=["it says that all is done", "nothing is lost", "it was stopped"],
)
def test_nothing_is_played_again_where_no_failure_excuses_lost_work(work, ending):
    round_ = refusals()

    assert replays_of(round_, ended(round_, ending), work) == []


@pytest.mark.parametrize("ending", [FAILED, STOPPED])
def test_fault_of_another_case_of_the_round_may_explain_the_end(ending):
    round_ = shared()
    mine = next(one for one in round_.placed if one.case.id == "E05").faults[0]
    piece = lost(mine.match["operation"][0], mine.match["profileId"]["$profile"])
    found = replays_of(round_, ended(round_, ending), [piece])

    assert [name.partition(":")[0] for name in names(found)] == ["E05"]
    assert not found[0].is_alone


def test_replay_is_not_played_again():
    round_ = refusals()
    (replay,) = replays_of(round_, ended(round_), [lost("sp.adGroups.list")])

    assert replays_of(replay, ended(replay), [lost("sp.adGroups.list")]) == []


def test_work_that_no_fault_disturbed_belongs_to_the_nearest():
    round_ = refusals()
    work = [*reads_done(), lost("sp.keywords.update", kind="changed")]
    found = replays_of(round_, ended(round_), [*work, *created()])

    assert names(found) == ["E02:write-404"]  # the parent of keywords


def test_lost_files_belong_to_the_jobs():
    (round_,) = plan([load()["R06"]], TRAFFIC)
    work = [*reads_done(), lost("storage.get", "", "fetched")]

    assert names(replays_of(round_, ended(round_), work)) == ["R06:create-429:0"]


def test_faults_of_one_sequence_stay_together():
    (round_,) = plan([load()["T01"]], TRAFFIC)

    assert [len(part.faults) for part in parts_of(round_)] == [len(round_.placed[0].faults)]


def test_replays_of_cases_take_turns():
    first, second = refusals(), shared()
    all_lost = [lost(slot.operation, slot.profile) for slot in TRAFFIC.slots]
    found = in_turn(
        [
            *replays_of(first, ended(first), all_lost),
            *replays_of(second, ended(second), all_lost),
        ]
    )
    cases = [name.partition(":")[0] for name in names(found)]

    assert set(cases[:3]) == {"E02", "B03", "E05"}
    assert len(cases) > 5


def test_number_of_replays_is_bounded():
    cases = [case for case in load().values() if case.faults]

    assert most_replays(plan(cases, TRAFFIC)) == MOST_REPLAYS
    assert most_replays([alone(load()["E06"], TRAFFIC)]) == 0


def test_records_say_what_was_replayed_and_what_was_not():
    round_ = refusals()
    (replay,) = replays_of(round_, ended(round_), [lost("sp.adGroups.list")])
    record = CaseRecord("E02", 1, "monotonic", entries=0)

    assert as_replay(record, round_) is record
    assert as_replay(record, replay).case == "E02:read-404"
    assert as_replay(record, replay).replay_of == "E02"
    assert with_open_fault(record, replay, "why").not_replayed == ("read-404",)
