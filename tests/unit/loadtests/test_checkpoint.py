"""A stopped run is continued from its folder, with totals that add up."""

import argparse
import signal

import pytest

from adsmock.loadtests import checkpoint, command
from adsmock.loadtests.arguments import complete
from adsmock.loadtests.checkpoint import Checkpoint, CheckpointError
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.generator import Stop
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.verdict import MockLoad
from tests.unit.loadtests.fixtures import ManualClock, NoChance, plan


def parse(*options):
    parser = argparse.ArgumentParser()
    command.configure(parser)
    arguments = parser.parse_args(options)
    if arguments.resume is None:
        complete(arguments)
    return arguments


def counts(calls, bids=()):
    counters = Counters(bids=dict(bids))
    counters.add("work", "optimizer", "arrived", times=calls + 2)
    counters.add("work", "optimizer", "done", times=calls)
    for _each in range(calls):
        counters.called(1, "NA", "sp.keywords.update", 207, 5.0)
    return counters.drain()


def stopped(**changes):
    members = {
        "version": checkpoint.VERSION,
        "arguments": checkpoint.values(parse("--duration", "20m", "--users", "7")),
        "parts": 1,
        "elapsed": 600.0,
        "counts": counts(10, {"k1": 1.0, "k2": 2.0}),
        "queues": (),
        "processes": [{"cpu": 0.4, "late": 0.1, "seen": 600.0}],
        "mock_load": MockLoad(cpu=0.2, loop_lag=None),
    }
    return Checkpoint(**members | changes)


def test_a_checkpoint_survives_its_file_with_the_arguments_of_the_event(tmp_path):
    stopped().write(tmp_path)
    plan().write(tmp_path / "plan.json")
    found, its_plan = checkpoint.read(tmp_path)
    arguments = found.namespace(parse("--resume", str(tmp_path), "--stop-after", "9s"))

    assert its_plan == plan()
    assert (arguments.duration, arguments.users, arguments.stop_after) == (1200.0, 7, 9.0)
    assert arguments.report_dir == tmp_path
    assert arguments.quotas == parse().quotas
    assert found.mock_load == MockLoad(cpu=0.2, loop_lag=None)


def test_counts_of_two_parts_add_up_and_the_worst_of_both_is_kept():
    later = {"processes": [{"cpu": 0.1, "late": 0.3, "seen": 900.0}], "audited": None}
    joined = stopped().joined(counts(5, {"k2": 3.0}) | later)
    counters = Counters()
    counters.merge(joined)

    assert counters.totals()["accepted"] == 15
    assert counters.waiting() == 4
    assert counters.bids == {"k1": 1.0, "k2": 3.0}
    assert joined["processes"] == [{"cpu": 0.4, "late": 0.3, "seen": 900.0}]
    assert stopped().totals() == {"accepted": 10, "throttled": 0, "failed": 0, "waiting": 2}
    assert stopped(audited=6).joined(counts(1) | later | {"audited": 4})["audited"] == 10


def test_a_worse_number_of_the_mock_counts_and_an_unknown_one_does_not():
    assert MockLoad(0.2, None).worst(MockLoad(0.1, 0.4)) == MockLoad(0.2, 0.4)
    assert MockLoad().worst(MockLoad()) == MockLoad()


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "has no stopped run"), (b"{", "cannot be read"), (b"{}", "cannot be read")],
)
def test_a_folder_without_a_run_is_named_with_what_to_do(content, says, tmp_path):
    if content is not None:
        (tmp_path / checkpoint.FILE).write_bytes(content)
    with pytest.raises(CheckpointError, match=says):
        checkpoint.read(tmp_path)


def test_a_run_of_another_version_is_not_continued(tmp_path):
    stopped(version=99).write(tmp_path)
    plan().write(tmp_path / "plan.json")
    with pytest.raises(CheckpointError, match="has version 99"):
        checkpoint.read(tmp_path)


@pytest.mark.parametrize(
    ("options", "is_kept"),
    [
        (("--duration", "9m"), False),
        (("--duration", "10m"), True),
        (("--duration", "9m", "--stop-after", "1m"), True),
        (("--duration", "20m", "--find-limit"), False),
        (("--duration", "20m", "--compare"), False),
    ],
)
def test_a_long_run_and_one_that_stops_are_kept(options, is_kept):
    assert checkpoint.is_kept(parse(*options)) == is_kept


def test_the_first_interrupt_stops_the_run_and_the_second_one_interrupts_it():
    stop = Stop()
    before = signal.getsignal(signal.SIGINT)
    with checkpoint.stop_on_interrupt(stop):
        signal.raise_signal(signal.SIGINT)
        assert stop.is_due(0.0)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_stops_by_itself_after_the_time_that_was_asked_for():
    assert not Stop(5.0).is_due(4.9)
    assert Stop(5.0).is_due(5.0)


def test_a_resumed_run_starts_at_its_hour_with_the_work_that_waited():
    clock = ManualClock()
    before = SharedState(plan(), clock, NoChance())
    clock.at += 40.0
    before.add_arrivals()
    waited = {(each.role, each.target.profile_id): len(each.waiting) for each in before.queues}
    clock.at += 5000.0  # the time between the two runs does not count
    after = SharedState(plan(offset=40.0, queues=tuple(before.stored())), clock, NoChance())

    assert after.second() == 40
    assert sum(waited.values()) > 0
    found = {(each.role, each.target.profile_id): len(each.waiting) for each in after.queues}
    assert found == waited
    clock.at += 1.0
    after.add_arrivals()
    assert after.counters.work()["arrived"] < sum(waited.values()) / 10
    clock.at += 100.0
    after.counters.drain()
    after.add_arrivals()
    assert after.counters.work()["arrived"] == 0, "the event is over after a hundred seconds"
