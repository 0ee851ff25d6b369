"""What the checks of all work say of the sample journals of every case.

Claims, lost work and the work of a free run are judged on any journal. A row of ``crossed.json`` is
one sample journal with one ending: what the client reports of its tasks, or what it left undone.
``python -m tests.unit.harness.suite.checks.crossed`` chooses the rows: those whose answer no row
before has, up to four times, whatever the checks do with them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from adsmock.harness.suite.checks.claim import claims_match_journal
from adsmock.harness.suite.checks.lost_work import work_is_not_doubled, work_is_not_lost
from adsmock.harness.suite.checks.work import work_is_done_once
from adsmock.harness.suite.journal import CaseRecord, CaseView, Ending, Work
from adsmock.harness.suite.journal.item import batch, name_of
from tests.unit.harness.suite.checks.answers import in_random_order, shape
from tests.unit.harness.suite.checks.findings import as_data, view_of, write_rows
from tests.unit.harness.suite.journal_rows import resolved
from tests.unit.harness.suite.samples import SAMPLES

ROWS = Path(__file__).with_name("crossed.json")

MOST = 4
"""Rows with the same answer."""

KINDS = {"create": "created", "update": "changed", "list": "read", "get": "fetched"}
"""Kinds of work, by the verb of an operation."""


def _claimed(record: CaseRecord, status: str, **counts: int) -> CaseRecord:
    """Return the record of a client that reports each task with a status and counts."""
    claims = tuple(
        {"task": number, "verb": task["verb"], "status": status, **counts}
        for number, task in enumerate(record.tasks)
    )
    return replace(record, ending=replace(record.ending, claims=claims))


def _worked(record: CaseRecord, seen: int, ending: Ending) -> CaseRecord:
    """Return the record of a free run, in which each work of the journal was seen so often."""
    return replace(record, ending=ending, work=tuple(_work(view_of(record), seen)), tasks=())


def _work(view: CaseView, seen: int) -> Iterator[Work]:
    for call in view.api:
        kind = KINDS.get(call.operation.rpartition(".")[2])
        profile = view.label_of.get(str(call.profile_id), "")
        sent = batch(call)
        names = [name_of(item) for item in sent.items] if sent and kind == "created" else [""]
        most = None if kind == "read" else 1
        for name in names if kind else []:
            yield Work(str(kind), call.operation, profile, name, 1, most, seen)


ENDINGS: dict[str, Callable[[CaseRecord], CaseRecord]] = {
    "as-it-is": lambda record: record,
    "stopped": lambda record: replace(record, ending=Ending(exit_code=-15, timed_out=True)),
    "all-done": partial(_claimed, status="done"),
    "one-done": partial(_claimed, status="done", done=1),
    "one-failed": partial(_claimed, status="partial", done=1, failed=1),
    "all-failed": partial(_claimed, status="failed"),
    "work-lost": partial(_worked, seen=0, ending=Ending(exit_code=0)),
    "work-reported": partial(_worked, seen=0, ending=Ending(exit_code=2)),
    "work-done": partial(_worked, seen=1, ending=Ending(exit_code=0)),
    "work-doubled": partial(_worked, seen=2, ending=Ending(exit_code=0)),
    "work-stopped": partial(
        _worked, seen=0, ending=Ending(exit_code=-15, timed_out=True, stopped_after=700.0)
    ),
}

CROSSED = {
    judge.__name__: judge
    for judge in (claims_match_journal, work_is_done_once, work_is_not_lost, work_is_not_doubled)
}


def crossed(title: str) -> dict[str, Any]:
    """Return what a judge says of a journal with an ending; the title names all three."""
    judge, check, status, ending = title.split(" ")
    record = SAMPLES[check][status]
    whole = replace(record, tasks=tuple(map(resolved, record.tasks)))
    return as_data(CROSSED[judge](view_of(ENDINGS[ending](whole))))


def _has_profiles(record: CaseRecord) -> bool:
    """Say whether each task with items names their profile; some samples shorten their tasks."""
    return all("profile" in one["args"] for one in record.tasks if "items" in one["args"])


def main() -> None:
    """Write the rows again, those of before first, and choose new ones."""
    titles = [
        f"{judge} {check} {status} {ending}"
        for judge in CROSSED
        for check, records in SAMPLES.items()
        for status, record in records.items()
        if _has_profiles(record)
        for ending in ENDINGS
    ]
    known = set(titles)
    before = [title for title in json.loads(ROWS.read_text("utf-8")) if title in known]
    kept = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for title in dict.fromkeys([*before, *in_random_order(iter(titles))]):
        found = crossed(title)
        answer = title.split(" ")[0], found["outcome"], shape(found["says"])
        seen[answer] += 1
        if seen[answer] <= MOST:
            kept[title] = found
    write_rows(ROWS, dict(sorted(kept.items())))


if __name__ == "__main__":
    main()
