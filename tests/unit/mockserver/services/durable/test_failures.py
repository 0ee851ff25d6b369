"""Torn tails, full disks and directories that a server must not use."""

import os

import pytest

from adsmock.mockserver.core.error import StorageFull
from adsmock.mockserver.services.durable import DataError, log_file
from adsmock.mockserver.services.sandboxes.state import dump_state
from tests.unit.mockserver.fixtures import campaign
from tests.unit.mockserver.services.durable.fixtures import campaigns_of, control_of, start


@pytest.mark.parametrize("cut", [1, 7, 8, 9, 200])
def test_a_torn_tail_is_cut_kept_and_reported(folder, killed, cut):
    home = start(folder)
    control = control_of(home)
    control.server.call("/sp/campaigns", {"campaigns": [campaign("kept")]})
    size = home.data._log.size
    control.server.call("/sp/campaigns", {"campaigns": [campaign("torn")]})
    whole = home.data._log.size
    log = folder / "log-0"
    content = log.read_bytes()[: min(size + cut, whole - 1)]
    home.data.close()
    log.write_bytes(content)
    lines = []
    again = control_of(killed(lines=lines))
    names = [row["name"] for row in campaigns_of(again)]
    assert names == ["kept"]
    assert len(lines) == 1
    assert "cut" in lines[0]
    copy = next(path for path in folder.parent.glob("copy-*/log-0.torn"))
    assert copy.read_bytes().rstrip(b"\0") == content[size:].rstrip(b"\0")


def test_a_full_disk_answers_507_and_keeps_what_was_there(folder, killed, monkeypatch):
    control = control_of(start(folder))
    control.server.call("/sp/campaigns", {"campaigns": [campaign("kept")]})
    before = dump_state(control.sandbox)["entities"]

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log_file.Reserve, "fill", full)
    reply = control.server.call("/sp/campaigns", {"campaigns": [campaign("lost")]})
    assert reply.status == 507
    assert b"No space left" in reply.body
    assert control.refuse("faults.put", {"effect": {"kind": "outage"}}, fault="x")["status"] == 507
    assert control.refuse("sandboxes.create", {"id": "t9"})["status"] == 507
    assert control.server.call("/sp/campaigns/list", {}).status == 200
    monkeypatch.undo()
    assert dump_state(control.sandbox)["entities"] == before


def test_what_could_not_be_written_is_written_later(folder, killed, monkeypatch):
    control = control_of(start(folder))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log_file.LogFile, "append", full)
    assert control.server.call("/sp/campaigns", {"campaigns": [campaign("a")]}).status == 507
    assert control.server.call("/sp/campaigns/list", {}).status == 200
    monkeypatch.undo()
    control.server.call("/sp/campaigns/list", {})
    assert [row["name"] for row in campaigns_of(control_of(killed()))] == ["a"]


def test_two_servers_do_not_share_a_directory(folder):
    home = start(folder)
    with pytest.raises(DataError, match="another server uses"):
        start(folder)
    home.data.close()
    start(folder).data.close()


def test_another_seed_is_refused(folder):
    start(folder, seed=7).data.close()
    with pytest.raises(DataError, match="--seed 7"):
        start(folder, seed=8)


def test_a_foreign_file_is_refused(folder):
    folder.mkdir()
    log = log_file.LogFile(folder / "log-0", log_file.Reserve(folder / "reserve"))
    log.append(b"{}")
    log.close()
    with pytest.raises(DataError, match="not a log"):
        start(folder)


def test_a_closed_directory_refuses_changes(folder):
    home = start(folder)
    control = control_of(home)
    recorder = control.sandbox.recorder
    home.data.close()
    control.server.call("/sp/campaigns", {"campaigns": [campaign("a")]})
    with pytest.raises(StorageFull):
        recorder.record_everything()


def test_the_reserve_is_given_to_the_call_that_meets_a_full_disk(folder, killed, monkeypatch):
    control = control_of(start(folder))
    control.server.call("/sp/campaigns", {"campaigns": [campaign("before")]})
    write, is_full = os.pwrite, True

    def pwrite(handle, content, offset):
        if is_full and (folder / "reserve").stat().st_size:
            raise OSError(28, "No space left on device")
        return write(handle, content, offset)

    def fallocate(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", pwrite)
    monkeypatch.setattr(os, "posix_fallocate", fallocate)
    assert control.server.call("/sp/campaigns", {"campaigns": [campaign("last")]}).status == 207
    assert control.server.call("/sp/campaigns", {"campaigns": [campaign("lost")]}).status == 507
    assert control.server.call("/sp/campaigns/list", {}).status == 200
    monkeypatch.undo()
    assert control.server.call("/sp/campaigns", {"campaigns": [campaign("after")]}).status == 207
    names = [row["name"] for row in campaigns_of(control_of(killed()))]
    assert names == ["before", "last", "after"]


def test_a_log_that_is_damaged_in_the_middle_is_refused(folder):
    home = start(folder)
    control = control_of(home)
    sizes = []
    for name in ("a", "b", "c"):
        control.server.call("/sp/campaigns", {"campaigns": [campaign(name)]})
        sizes.append(home.data._log.size)
    home.data.close()
    log = folder / "log-0"
    content = bytearray(log.read_bytes())
    content[sizes[0] + 20] ^= 1
    log.write_bytes(content)
    with pytest.raises(DataError, match="damaged after"):
        start(folder)
    content[sizes[0] + 20] ^= 1
    log.write_bytes(content)
    start(folder).data.close()
