"""Job ids that survive a restart: an export or report that was asked for is not asked for again.

Knows which operations start, show and end jobs, and the store. Must not know how a job is waited
for: waiter and reporter ask as ever, and get the kept id instead of a new job. Source: WAF,
reporting and analytics: keep the ids of reports; guides/exports: kept for a day (documented).
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from .download import Downloader
from .errors import VersionGone
from .job_polling import COMPLETED, FAILED
from .middleware import Middleware
from .transport import Reply

if TYPE_CHECKING:
    from .call import Call
    from .clock import Clock
    from .retry.chain import Chain
    from .sender import Sender
    from .store import Store

KIND = "job"
KEPT = 3 * 3600.0
"""Seconds for which a job is worth waiting for: reports may take as long (documented). What it
shows is as old as the job, so an older one is left where it is."""


class JobBook:
    """The ids of jobs that were asked for and whose file was not yet read."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self._addresses: dict[str, str] = {}

    def take(self, call: Call) -> str | None:
        """Return the id of a job that answers the call and that nobody here waits for yet."""
        question = _question(call)
        with self._lock:
            for row in self._store.values(KIND):
                if self._clock.now() - row["at"] >= KEPT:
                    self._store.drop(KIND, [row["id"]])
                elif row["question"] == question and row["id"] not in self._taken:
                    self._taken.add(row["id"])
                    return str(row["id"])
        return None

    def keep(self, call: Call, job: str) -> None:
        """Note a job that was just started."""
        row = {"id": job, "question": _question(call), "at": self._clock.now()}
        row["profile"] = call.profile
        with self._lock:
            self._taken.add(job)
            self._store.put(KIND, {job: row})

    def drop(self, job: str) -> None:
        """Forget a job that has failed, is gone, or was read."""
        with self._lock:
            self._taken.discard(job)
            self._store.drop(KIND, [job])

    def forget(self, profile: str) -> None:
        """Leave what earlier lives asked of a profile, so that the next job shows the present."""
        with self._lock:
            rows = self._store.values(KIND)
            left = {row["id"] for row in rows if row["profile"] == profile} - self._taken
            self._store.drop(KIND, left)

    def locate(self, job: str, url: str) -> None:
        """Note at which address a job's file lies."""
        self._addresses[url] = job

    def close(self, url: str) -> None:
        """Forget the job whose file was read whole at this address."""
        job = self._addresses.pop(url, None)
        if job is not None:
            self.drop(job)


class JobDoor(Middleware):
    """Answers the start of a job with a kept id where there is one."""

    def __init__(self, inner: Sender, jobs: JobBook) -> None:
        super().__init__(inner)
        self._jobs = jobs

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return the reply to a call; of a job that goes on, as if it had just been started."""
        field = call.operation.job_id
        if not field:
            return self._inner.send(call, chain)
        if call.operation.verb == "create":
            return self._start(call, chain, field)
        return self._look(call, chain, call.path[field])

    def _start(self, call: Call, chain: Chain | None, field: str) -> Reply:
        kept = self._jobs.take(call)
        if kept is not None:
            return Reply(call.operation.success, {}, json.dumps({field: kept}).encode())
        reply = self._inner.send(call, chain)
        made: Any = reply.json
        if isinstance(made, dict) and made.get(field):
            self._jobs.keep(call, str(made[field]))
        return reply

    def _look(self, call: Call, chain: Chain | None, job: str) -> Reply:
        try:
            reply = self._inner.send(call, chain)
        except VersionGone:  # a 404: the service keeps it no longer
            self._jobs.drop(job)
            raise
        seen: Any = reply.json
        status = seen.get("status") if isinstance(seen, dict) else None
        if status == FAILED or call.operation.verb == "delete":
            self._jobs.drop(job)
        elif status == COMPLETED and seen.get("url"):
            self._jobs.locate(job, str(seen["url"]))
        return reply


class ClosingDownloader(Downloader):
    """Ends a job when its file was read whole, and not before."""

    def __init__(self, inner: Downloader, jobs: JobBook) -> None:
        self._inner = inner
        self._jobs = jobs

    def fetch(self, url: str, region: str) -> list[dict[str, Any]]:
        """Return the records of the file at a signed address; raises what the inner one raises."""
        records = self._inner.fetch(url, region)
        self._jobs.close(url)
        return records


def _question(call: Call) -> str:
    """Return what a job answers, so that equal wishes of two lives are known as equal."""
    parts = [call.operation.id, call.region, call.profile, call.body]
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)
