"""Job ids that survive a restart, so that no export or report is requested twice.

Exporter and reporter need no change: they get the stored id instead of a new job. Source: WAF,
reporting and analytics: keep the ids of reports; guides/exports: kept for a day (documented).
"""

from __future__ import annotations

import json
import threading
from typing import Any

from .call import Call
from .clock import Clock
from .download import Downloader
from .errors import VersionGone
from .job_polling import COMPLETED, FAILED
from .middleware import Middleware
from .retry.chain import Chain
from .sender import Sender
from .store import Store
from .transport import Reply

KIND = "job"
KEPT = 3 * 3600.0
"""Seconds for which a job is used again: reports may take as long (documented).

The data is as old as the job, so an older job is not used."""


class JobRegistry:
    """The ids of jobs that were started and not yet downloaded."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self._addresses: dict[str, str] = {}

    def take(self, call: Call) -> str | None:
        """Return the id of a job that answers the call and that no thread here waits for."""
        fingerprint = _fingerprint(call)
        with self._lock:
            for row in self._store.values(KIND):
                if self._clock.now() - row["at"] >= KEPT:
                    self._store.drop(KIND, [row["id"]])
                elif row["fingerprint"] == fingerprint and row["id"] not in self._taken:
                    self._taken.add(row["id"])
                    return str(row["id"])
        return None

    def keep(self, call: Call, job: str) -> None:
        """Record a job that was just started."""
        row = {"id": job, "fingerprint": _fingerprint(call), "at": self._clock.now()}
        row["profile"] = call.profile
        with self._lock:
            self._taken.add(job)
            self._store.put(KIND, {job: row})

    def drop(self, job: str) -> None:
        """Forget a job that failed, expired or was downloaded."""
        with self._lock:
            self._taken.discard(job)
            self._store.drop(KIND, [job])

    def forget(self, profile: str) -> None:
        """Drop the jobs that earlier processes started for a profile; the next is a new one."""
        with self._lock:
            rows = self._store.values(KIND)
            left = {row["id"] for row in rows if row["profile"] == profile} - self._taken
            self._store.drop(KIND, left)

    def locate(self, job: str, url: str) -> None:
        """Record the address of a job's file."""
        self._addresses[url] = job

    def close(self, url: str) -> None:
        """Forget the job whose file was downloaded from this address."""
        job = self._addresses.pop(url, None)
        if job is not None:
            self.drop(job)


class JobMiddleware(Middleware):
    """Answers the start of a job with a stored id where there is one."""

    def __init__(self, inner: Sender, jobs: JobRegistry) -> None:
        super().__init__(inner)
        self._jobs = jobs

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return the reply to a call; a running job is answered as if it was just started."""
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
        except VersionGone:  # a 404: the service no longer keeps it
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
    """Removes a job from the registry once its file was downloaded completely."""

    def __init__(self, inner: Downloader, jobs: JobRegistry) -> None:
        self._inner = inner
        self._jobs = jobs

    def fetch(self, url: str, region: str) -> list[dict[str, Any]]:
        """Return the records of the file; raises what the inner downloader raises."""
        records = self._inner.fetch(url, region)
        self._jobs.close(url)
        return records

    def fetch_text(self, url: str, region: str) -> str:
        """Return the text of the inner downloader; raises what it raises."""
        text = self._inner.fetch_text(url, region)
        self._jobs.close(url)
        return text


def _fingerprint(call: Call) -> str:
    """Return a text that is equal for equal requests of two processes."""
    parts = [call.operation.id, call.region, call.profile, call.body]
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)
