"""Each role's work becomes one task, and the reply becomes results that the store can refute."""

import json
from contextlib import contextmanager

import jsonschema_rs
import pytest

from adsmock.harness.suite.drivers.line_process import META
from adsmock.loadtests.program import CopyDied, ProgramWorker, Reply
from adsmock.loadtests.roles import ROLES, builder
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.work_queue import WorkQueue
from tests.unit.loadtests.fixtures import TARGETS, ManualClock, NoChance, plan

ENTITIES = sum(builder.ROLE.entities.values())


class FixedPool:
    """Answers each task with the same reply, or dies, or has no room."""

    def __init__(self, reply):
        self.reply = reply
        self.tasks = []

    @contextmanager
    def room(self):
        yield self._run if self.reply else None

    def _run(self, task):
        self.tasks.append(task)
        if isinstance(self.reply, CopyDied):
            raise self.reply
        return self.reply


def turn(role, reply, items=3):
    shared = SharedState(plan(behavior="program"), ManualClock(), NoChance())
    queue = WorkQueue(role, TARGETS[0])
    queue.arrive(items, 0.0)
    pool = FixedPool(reply)
    worker = ProgramWorker(pool, shared, lambda *_reported: None)
    return worker.do(ROLES[role], queue, 500), pool, queue, worker


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_a_valid_task(role):
    _found, pool, _queue, _worker = turn(role, Reply("done"))
    (task,) = pool.tasks
    registry = jsonschema_rs.Registry([("adsmock:task/1", _schema("task"))])
    whole = {**plan().access, "tasks": [{"verb": task.verb, "args": task.args}]}
    jsonschema_rs.validator_for(_schema("task"), registry=registry).validate(whole)


def _schema(name):
    return json.loads((META / f"{name}.schema.json").read_text("utf-8"))


def test_done_means_that_every_bid_and_every_structure_is_expected_in_the_store():
    found, *_rest = turn("optimizer", Reply("done"))
    assert found.results == ["done"] * 3
    assert set(found.bids) == {"k0", "k1", "k2"}
    found, *_rest = turn("builder", Reply("done"), 2)
    assert list(found.built) == ["Built US 000000", "Built US 000001"]


@pytest.mark.parametrize(
    ("role", "done", "results"),
    [
        ("optimizer", 2, ["done", "done", "refused"]),
        ("builder", 2 * ENTITIES + 1, ["done", "done", "refused"]),
        ("builder", 3 * ENTITIES, ["done", "done", "refused"]),
    ],
)
def test_of_a_part_that_failed_nobody_knows_which_took_effect(role, done, results):
    found, *_rest = turn(role, Reply("partial", done, "no"))
    assert found.results == results
    assert not found.built
    assert set(found.bids.values()) <= {None}


def test_work_of_a_dead_copy_is_handed_out_again():
    found, *_rest = turn("optimizer", CopyDied("exit code 1"))
    assert found.results == ["again"] * 3
    assert found.bids == dict.fromkeys(("k0", "k1", "k2"))


def test_without_room_the_work_stays_in_its_queue():
    found, _pool, queue, _worker = turn("reader", None)
    assert (found.items, len(queue.waiting)) == ((), 3)


def test_what_is_unsupported_once_is_not_asked_for_again():
    found, pool, queue, worker = turn("exporter", Reply("unsupported"))
    assert found.results == ["unsupported"] * 3
    queue.arrive(2, 1.0)
    assert worker.do(ROLES["exporter"], queue, 500).results == ["unsupported"] * 2
    assert len(pool.tasks) == 1
