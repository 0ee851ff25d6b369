"""Journals that are kept over a restart, up to a size."""

import pytest

from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.services.durable import log_file
from adsmock.mockserver.services.durable.journal_files import JournalFiles
from tests.unit.mockserver.fixtures import campaign
from tests.unit.mockserver.services.durable.fixtures import control_of, start
from tests.unit.mockserver.services.durable.test_data_directory import Machine

BYTES = 1 << 20


def rows_of(control):
    return control.do("journal.get")["entries"]


def without_times(rows):
    return [{name: row[name] for name in row if not name.startswith("t")} for row in rows]


def test_entries_are_kept_with_their_bodies(folder, killed):
    control = control_of(start(folder, journal_bytes=BYTES))
    control.do("journal.clear")
    control.server.call("/sp/campaigns", {"campaigns": [campaign("a")]})
    control.server.call("/sp/campaigns/list", {})
    again = control_of(killed(journal_bytes=BYTES))
    before = rows_of(control)
    assert without_times(rows_of(again)) == without_times(before)
    again.server.token = control.server.token
    again.server.call("/sp/campaigns/list", {})
    assert rows_of(again)[-1]["seq"] > before[-1]["seq"]
    (path,) = folder.glob("journal-*")
    assert control.server.token.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_journals_are_not_kept_by_default(folder, killed):
    control = control_of(start(folder))
    control.server.call("/sp/campaigns/list", {})
    assert list(folder.glob("journal-*")) == []
    assert rows_of(control_of(killed())) == []


def test_an_emptied_journal_stays_empty(folder, killed):
    control = control_of(start(folder, journal_bytes=BYTES))
    control.server.call("/sp/campaigns/list", {})
    control.do("journal.clear")
    control.server.call("/sp/campaigns/list", {})
    assert len(rows_of(control_of(killed(journal_bytes=BYTES)))) == 1


def test_the_size_is_limited_and_the_newest_are_kept(folder, killed):
    control = control_of(start(folder, journal_bytes=40_000))
    for number in range(200):
        control.server.call("/sp/campaigns", {"campaigns": [campaign(f"n{number}")]})
    sizes = [path.stat().st_size for path in folder.glob("journal-*")]
    assert 20_000 < sum(sizes) <= 40_000
    kept = rows_of(control_of(killed(journal_bytes=40_000)))
    seqs = [row["seq"] for row in kept]
    assert 10 < len(seqs) < 200
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert seqs[-1] == rows_of(control)[-1]["seq"]


def test_entries_of_an_earlier_version_have_fewer_members(folder, monkeypatch):
    folder.mkdir()
    now = Machine().source()
    earlier = Entry.__slots__[: Entry.__slots__.index("failed_items")]
    with monkeypatch.context() as patch:
        patch.setattr(Entry, "__slots__", earlier)
        files = JournalFiles(folder, BYTES, now, print)
        files.add(1, Entry("GET", "/x", 1.0, seq=7))
        files.close()
    ((owner, entry),) = JournalFiles(folder, BYTES, now, print).rows()
    assert (owner, entry.seq, entry.path, entry.failed_items) == (1, 7, "/x", None)


def test_times_keep_their_distance_to_now(folder, killed):
    machine = Machine()
    control = control_of(start(folder, source=machine.source(), journal_bytes=BYTES))
    control.sandbox.journal.keep(Entry("GET", "/x", machine.uptime, seq=99))
    machine.time, machine.uptime = machine.time + 60, 5.0
    again = control_of(killed(source=machine.source(), journal_bytes=BYTES))
    last = list(again.sandbox.journal.rows())[-1]
    assert machine.uptime - last.t_arrive == pytest.approx(60)


def test_a_full_disk_loses_entries_and_says_so_once(folder, monkeypatch):
    lines = []
    control = control_of(start(folder, lines=lines, journal_bytes=BYTES))
    append = log_file.LogFile.append

    def full(self, payload):
        if self.path.name.startswith("journal"):
            raise OSError(28, "No space left on device")
        append(self, payload)

    monkeypatch.setattr(log_file.LogFile, "append", full)
    for _ in range(2):
        assert control.server.call("/sp/campaigns/list", {}).status == 200
    assert lines == ["journals are not kept: No space left on device"]
