"""A sandbox in a data directory is the sandbox that was, however the server ended."""

import json
from concurrent.futures import Future
from itertools import count
from threading import Thread

import pytest

from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.services.durable import data_directory
from adsmock.mockserver.services.sandboxes.state import dump_state
from tests.unit.mockserver.control.test_job import poll
from tests.unit.mockserver.control.test_snapshot import fill, spoil
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import campaign, create_server, runtime, value
from tests.unit.mockserver.services.durable.fixtures import (
    change_everything,
    control_of,
    start,
)


def test_everything_survives_a_kill(folder, killed):
    control = control_of(start(folder))
    job = change_everything(control)
    control.sandbox.recorder.record_everything()
    again = control_of(killed())
    assert dump_state(again.sandbox) == dump_state(control.sandbox)
    assert again.do("faults.list") == control.do("faults.list")
    assert again.do("sandboxes.get") == control.do("sandboxes.get") | {
        "journal": again.do("sandboxes.get")["journal"]
    }
    profile = control.server.profile().id
    assert again.sandbox.store.changes(profile) == control.sandbox.store.changes(profile)
    again.server.token = control.server.token
    assert value(poll(again, job))["status"] == "COMPLETED"


def test_everything_survives_a_stop_and_a_second_start(folder):
    home = start(folder)
    control = control_of(home)
    change_everything(control)
    before = dump_state(control.sandbox)
    for _ in range(2):
        home.data.close()
        home = start(folder)
        assert dump_state(control_of(home).sandbox) == before
    home.data.close()


def test_what_is_done_after_a_restart_repeats_exactly(folder, killed):
    control = control_of(start(folder))
    fill(control)
    again = control_of(killed())
    again.server.token = control.server.token
    replies = [
        value(each.server.call("/sp/campaigns", {"campaigns": [campaign("d"), campaign("a")]}))
        for each in (control, again)
    ]
    for reply in replies:
        reply["campaigns"].pop("error")  # names the call
    assert replies[0] == replies[1]


def test_every_acknowledged_call_is_in_the_log_at_once(folder, killed):
    control = control_of(start(folder))
    for number in range(3):
        control.server.call("/sp/campaigns", {"campaigns": [campaign(f"n{number}")]})
        again = control_of(killed())
        assert dump_state(again.sandbox)["entities"] == dump_state(control.sandbox)["entities"]


def test_snapshots_resets_and_replaced_states_survive(folder, killed):
    control = control_of(start(folder))
    fill(control)
    control.do("snapshots.create", {"name": "x"})
    spoil(control)
    assert dump_state(control_of(killed()).sandbox)["entities"] != []
    control.do("snapshots.restore", snapshot="x")
    expected = dump_state(control.sandbox)
    assert dump_state(control_of(killed()).sandbox)["entities"] == expected["entities"]
    control.do("sandboxes.reset")
    assert dump_state(control_of(killed()).sandbox)["entities"] == []
    state = {"profiles": {control.server.profile().id: {"sp.campaigns": [campaign("p")]}}}
    control.do("state.put", state)
    control.do("state.patch", {"profiles": {control.server.profile().id: {}}})
    assert control_of(killed()).do("state.get") == control.do("state.get")


def test_scenarios_can_be_undone_after_a_restart(folder, killed):
    control = control_of(start(folder))
    control.do("throttle.put", {"pressure": {"NA": 0.7}})
    for name in ("prime-day", "deprecation"):
        control.do("scenarios.apply", {"name": name})
    again = control_of(killed())
    assert list(again.sandbox.scenarios) == ["prime-day", "deprecation"]
    again.do("scenarios.undo")
    control.do("scenarios.undo")
    for sandbox in (again.sandbox, control_of(killed()).sandbox):
        assert sandbox.throttle.pressure == {"NA": 0.7}
        assert sandbox.throttle.load_windows == ()
        assert (len(sandbox.faults), sandbox.shut_off, sandbox.scenarios) == (0, {}, {})


def test_created_and_deleted_sandboxes_are_remembered(folder, killed):
    home = start(folder)
    control = control_of(home)
    control.do("sandboxes.create", {"id": "t2", "seed": 5, "journal": "full"})
    kept = control.another("t3")
    old = control.another("t4")
    home.data.track()
    control.do("sandboxes.delete", sandbox="t4")
    again = killed()
    assert [each.id for each in again.sandboxes.all()] == ["t1", "t2", "t3"]
    assert again.sandboxes.get("t3").credentials == kept.sandbox.credentials
    assert again.sandboxes.made == home.sandboxes.made
    remade = control_of(again, "t4")
    assert remade.sandbox.generation == 1
    assert old.server.token != remade.server.token


def test_a_token_request_survives_with_the_serial_of_its_token(folder, killed):
    control = control_of(start(folder))
    for _ in range(3):
        control.server.sign_in()
    again = control_of(killed())
    again.server.token = control.server.token
    assert again.server.call("/sp/campaigns/list", {}).status == 200
    again.server.sign_in()
    assert again.server.token != control.server.token


def test_request_ids_do_not_repeat_after_a_kill(folder, killed):
    control = control_of(start(folder))
    before = {control.server.call("/sp/campaigns/list", {}).headers["x-amzn-RequestId"]}
    again = control_of(killed())
    again.server.token = control.server.token
    assert again.server.call("/sp/campaigns/list", {}).headers["x-amzn-RequestId"] not in before


class Machine:
    """The machine's clocks, which a test moves."""

    def __init__(self):
        self.time, self.uptime = 1_000_000.0, 50.0

    def source(self):
        return TimeSource(lambda: self.time, lambda: self.uptime)


@pytest.mark.parametrize(
    ("clock", "passed"), [({"mode": "real"}, 60), ({"mode": "scaled", "rate": 10}, 600)]
)
def test_a_running_clock_runs_while_the_server_is_down(folder, killed, clock, passed):
    machine = Machine()
    control = control_of(start(folder, source=machine.source()))
    control.do("clock.put", clock)
    before = control.do("clock.get")
    machine.time, machine.uptime = machine.time + 60, 1.0
    again = control_of(killed(source=machine.source()))
    after = again.do("clock.get")
    assert after["nowSeconds"] - before["nowSeconds"] == pytest.approx(passed)
    assert (after["mode"], after["rate"]) == (before["mode"], before["rate"])


def test_a_frozen_clock_stays(folder, killed):
    control = control_of(start(folder))
    control.do("clock.advance", {"seconds": 77})
    assert control_of(killed()).do("clock.get") == control.do("clock.get")


def test_a_checkpoint_replaces_the_log_while_calls_go_on(folder, killed):
    home = start(folder)
    control = control_of(home)
    change_everything(control)
    names = count()
    running = True

    def call():
        while running:
            control.server.call("/sp/campaigns", {"campaigns": [campaign(f"m{next(names)}")]})

    thread = Thread(target=call)
    thread.start()
    for _ in range(3):
        home.data.checkpoint()
    running = False
    thread.join()
    control.sandbox.recorder.record_everything()
    found = sorted(path.name for path in folder.iterdir())
    assert found == ["checkpoint-3", "lock", "log-3", "reserve"]
    assert dump_state(control_of(killed()).sandbox) == dump_state(control.sandbox)


def test_a_large_log_is_replaced_by_itself(folder, killed, monkeypatch):
    monkeypatch.setattr(data_directory, "CHECKPOINT_BYTES", 40_000)
    home = start(folder)
    control = control_of(home)
    for number in range(100):
        rows = [campaign(f"{number}-{place}") for place in range(10)]
        control.server.call("/sp/campaigns", {"campaigns": rows})
    control.sandbox.recorder.record_everything()
    home.data._writer.join()
    assert not (folder / "log-0").exists()
    assert dump_state(control_of(killed()).sandbox) == dump_state(control.sandbox)
    home.data.close()


def test_an_interrupted_checkpoint_is_ignored(folder, killed, monkeypatch):
    home = start(folder)
    control = control_of(home)
    fill(control)
    monkeypatch.setattr(data_directory.Path, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        home.data.checkpoint()
    monkeypatch.undo()
    control.server.call("/sp/campaigns", {"campaigns": [campaign("later")]})
    again = control_of(killed())
    assert dump_state(again.sandbox)["entities"] == dump_state(control.sandbox)["entities"]
    again.server.runtime.data.checkpoint()


def test_a_file_that_was_unfinished_fails_its_job(folder, killed, monkeypatch):
    control = control_of(start(folder))
    monkeypatch.setattr("adsmock.mockserver.services.jobs.job.INLINE_ROWS", -1)
    waiting: Future[bytes] = Future()
    control.server.runtime.sandboxes.worker = lambda _: waiting
    job = export(control)
    again = control_of(killed())
    again.do("clock.advance", {"seconds": 6})
    again.server.token = control.server.token
    assert value(poll(again, job))["status"] == "FAILED"
    waiting.set_result(b"done")
    again = control_of(killed())
    again.do("clock.advance", {"seconds": 6})
    again.server.token = control.server.token
    assert value(poll(again, job))["status"] == "COMPLETED"


def test_the_files_are_private(folder):
    control = control_of(start(folder))
    fill(control)
    control.server.runtime.data.checkpoint()
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes.pop("data") == 0o700
    assert modes == dict.fromkeys(("lock", "log-1", "checkpoint-1", "reserve"), 0o600)
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    assert control.server.token.encode() not in content


def test_a_server_without_a_directory_records_nothing():
    assert create_server(runtime()).sandbox.recorder is None


def test_a_state_digest_survives(folder, killed):
    control = control_of(start(folder))
    control.sandbox.state_digest = "abc"
    control.sandbox.recorder.record_everything()
    assert json.dumps(dump_state(control_of(killed()).sandbox)["stateDigest"]) == '"abc"'
