"""Any sequence of asking, waiting and fetching: a job never goes back, its file never changes.

One machine for every kind of asynchronous work: exports of the four kinds, and reports.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.unit.mockserver.fixtures import ServerFixture, campaign, create_server, runtime, value
from tests.unit.mockserver.services.reporting import report_requests

NUMBERS = count()
home = cache(runtime)
PICKS = st.integers(0, 5)
HOUR = 3600.0
DAY = 86_400.0
WAIT = 15.0
"""Longer than either kind of work takes on the sandbox's clock (ten and five seconds)."""

RANKS = {"PENDING": 0, "PROCESSING": 1, "IN_PROGRESS": 1, "COMPLETED": 2}


@dataclass(frozen=True)
class Kind:
    """How one kind of work is asked for and looked at; ``shows`` is what a row of it names."""

    ask: Callable[[ServerFixture, int], str]
    look: Callable[[ServerFixture, str], Any]
    shows: str = ""


@dataclass
class Job:
    """A job as the model knows it: when it was asked for, what there was, what was seen."""

    asked: float
    there: list[str]
    rank: int = 0
    file: bytes = b""
    urls: dict[str, float] = field(default_factory=dict)


def _export(kind: str, shows: str = "") -> Kind:
    media = f"application/vnd.{kind.lower()}export.v1+json"

    def ask(server: ServerFixture, number: int) -> str:
        wanted = ["ENABLED", "PAUSED", "ARCHIVED"] if number % 2 else ["ENABLED"]
        answer = server.call(f"/{kind}/export", {"stateFilter": wanted}, media=media)
        assert answer.status == 202, answer.body
        return str(value(answer)["exportId"])

    return Kind(ask, lambda s, job: s.call(f"/exports/{job}", b"", "GET", media=media), shows)


def _report(server: ServerFixture, number: int) -> str:
    wanted = report_requests.wish(startDate="2026-06-01", endDate=f"2026-06-{number % 28 + 1:02}")
    answer = report_requests.ask(server, wanted)
    assert answer.status == 200, answer.body
    return str(value(answer)["reportId"])


KINDS = {
    "campaigns": _export("campaigns", "name"),
    "adGroups": _export("adGroups"),
    "ads": _export("ads"),
    "targets": _export("targets"),
    "report": Kind(_report, report_requests.look),
}


class JobMachine(RuleBasedStateMachine):
    """One client, its campaigns and its jobs."""

    kind: Kind

    @initialize()
    def open(self) -> None:
        self.server = create_server(home(), f"jobs{next(NUMBERS)}")
        self.names: list[str] = []
        self.jobs: dict[str, Job] = {}

    @property
    def now(self) -> float:
        return float(self.server.sandbox.clock.now())

    @rule()
    def change_the_account(self):
        name = f"C{len(self.names)}"
        self.server.call("/sp/campaigns", {"campaigns": [campaign(name)]})
        self.names.append(name)

    @precondition(lambda self: len(self.jobs) < 4)
    @rule()
    def ask(self):
        job = self.kind.ask(self.server, len(self.jobs))
        assert job not in self.jobs
        self.jobs[job] = Job(self.now, [*self.names])

    @rule(seconds=st.sampled_from((1, 3, WAIT, HOUR + 1)))
    def wait(self, seconds):
        self.server.sandbox.clock.advance(seconds)

    @precondition(lambda self: self.jobs)
    @rule(place=PICKS)
    def look(self, place):
        name = [*self.jobs][place % len(self.jobs)]
        job, answer = self.jobs[name], self.kind.look(self.server, name)
        if self.now - job.asked > DAY:
            return  # how long a job is remembered is its family's own
        assert answer.status == 200
        said = value(answer)
        rank = RANKS[said["status"]]
        assert rank >= job.rank
        assert rank == 2 or self.now - job.asked < WAIT
        assert ("url" in said and said["url"] is not None) == (rank == 2)
        job.rank = rank
        if rank == 2:
            job.urls[said["url"]] = self.now

    @precondition(lambda self: any(job.urls for job in self.jobs.values()))
    @rule(place=PICKS, latest=st.booleans())
    def fetch(self, place, latest):
        done = [job for job in self.jobs.values() if job.urls]
        job = done[place % len(done)]
        url, seen = [*job.urls.items()][-1 if latest else 0]
        answer = self.fetched(url)
        if self.now - seen > HOUR:
            assert answer.status == 403
            return
        assert answer.status == 200
        rows = orjson.loads(gzip.decompress(answer.body))
        assert job.file in {b"", answer.body}
        job.file = answer.body
        if self.kind.shows:
            assert [row[self.kind.shows] for row in rows] == job.there

    def fetched(self, url: str) -> Any:
        target = urlsplit(url)
        return self.server.send("GET", f"/_storage{target.path}?{target.query}")

    @invariant()
    def a_job_that_nobody_asked_for_is_not_there(self):
        assert self.kind.look(self.server, "bm9ib2R5").status in {400, 404}


@pytest.mark.parametrize("name", KINDS)
def test_a_job_is_as_the_model_says(name):
    kind = type("Machine", (JobMachine,), {"kind": KINDS[name]})
    run_state_machine_as_test(kind, settings=settings(max_examples=8, stateful_step_count=14))
