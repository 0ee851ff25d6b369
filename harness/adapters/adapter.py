"""Base class of an adapter, and the loop that answers its requests."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import IO, Any, Literal

from adsmock.harness.adapters import arguments
from adsmock.harness.adapters.connection import Connection

WORKERS = 64
"""Requests that are answered at once; no case sends more than 50."""

Status = Literal["done", "partial", "failed"]


class Unsupported(Exception):
    """The adapter cannot do this: the verb, the resource or an argument.

    Work that is refused openly is reported as absent, work that is ignored as wrong.
    """


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one task: counts of items (written, read), and what went wrong.

    ``done`` of an export or a report counts the rows of its files; 0 says nothing about them.

    Report what the API said about each item: a batch of three with one refused item is
    ``Result(done=2, failed=1, error="item 2: duplicate name")``. ``sums`` are those of
    ``consume_stream``, by dataset and metric.
    """

    done: int = 0
    failed: int = 0
    error: str | None = None
    sums: Mapping[str, Mapping[str, float]] | None = None

    @property
    def status(self) -> Status:
        """Return ``done`` without failures, ``partial`` with some, ``failed`` when all failed."""
        if not self.failed and not self.error:
            return "done"
        return "partial" if self.done else "failed"


Answer = Result | int | None
"""A result; an int counts the items done; None says that all was done."""


class Adapter:
    """Subclass this: one method for each verb that your program can do.

    The kit creates one instance for each set of credentials, so tokens and connections kept in
    ``self`` belong to one case. Several methods may run at once, each in its own thread. A method
    that is not overridden answers *unsupported*; an exception answers *failed*, with its text.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @classmethod
    def run(cls, workers: int = WORKERS) -> None:
        """Answer requests from standard input until it ends or a request says ``shutdown``.

        Whatever else the program prints to standard output goes to standard error, so that it
        cannot break the protocol.
        """
        sys.stdout.flush()
        with os.fdopen(os.dup(1), "w", encoding="utf-8") as replies:
            os.dup2(2, 1)
            _Loop(cls, replies).answer_all(sys.stdin, workers)

    def list_profiles(self, args: arguments.ListProfilesArguments) -> Answer:
        """List the profiles of every region."""
        raise Unsupported("list_profiles")

    def list(self, args: arguments.ListArguments) -> Answer:
        """Read all entities that pass the filter, page by page."""
        raise Unsupported("list")

    def get(self, args: arguments.GetArguments) -> Answer:
        """Read the entities with these ids."""
        raise Unsupported("get")

    def create(self, args: arguments.WriteArguments) -> Answer:
        """Create the items."""
        raise Unsupported("create")

    def update(self, args: arguments.WriteArguments) -> Answer:
        """Update the items; each contains its id and the members to change."""
        raise Unsupported("update")

    def modify(self, args: arguments.ModifyArguments) -> Answer:
        """Change every entity that passes the filter."""
        raise Unsupported("modify")

    def archive(self, args: arguments.ArchiveArguments) -> Answer:
        """Archive the entities with these ids."""
        raise Unsupported("archive")

    def create_tree(self, args: arguments.CreateTreeArguments) -> Answer:
        """Create campaigns with their ad groups, keywords, targets and ads, parents first."""
        raise Unsupported("create_tree")

    def export(self, args: arguments.ExportArguments) -> Answer:
        """Request one export, download it and count its rows."""
        raise Unsupported("export")

    def exports(self, args: arguments.ExportsArguments) -> Answer:
        """Request several exports of one kind and download them all."""
        raise Unsupported("exports")

    def sync_metadata(self, args: arguments.SyncMetadataArguments) -> Answer:
        """Read names and settings of all campaigns, ad groups, targets and ads."""
        raise Unsupported("sync_metadata")

    def report(self, args: arguments.ReportArguments) -> Answer:
        """Read and count the report rows of a range of days, with as many reports as they need."""
        raise Unsupported("report")

    def reports(self, args: arguments.ReportsArguments) -> Answer:
        """Read many reports, all requested within a number of seconds."""
        raise Unsupported("reports")

    def steady(self, args: arguments.SteadyArguments) -> Answer:
        """List a number of times, with a pause after each list."""
        raise Unsupported("steady")

    def subscribe_stream(self, args: arguments.SubscribeStreamArguments) -> Answer:
        """Give each dataset of Marketing Stream a working subscription with this queue."""
        raise Unsupported("subscribe_stream")

    def consume_stream(self, args: arguments.ConsumeStreamArguments) -> Answer:
        """Read the messages of a queue for a number of seconds; report the sums of all records."""
        raise Unsupported("consume_stream")

    def raise_budgets(self, args: arguments.RaiseBudgetsArguments) -> Answer:
        """Read messages about budgets, and raise each budget that is nearly used once."""
        raise Unsupported("raise_budgets")

    def apply_recommendations(self, args: arguments.ApplyRecommendationsArguments) -> Answer:
        """Set the budgets of campaigns to those that the API recommends now."""
        raise Unsupported("apply_recommendations")

    def run_workflow(self, args: arguments.RunWorkflowArguments) -> Answer:
        """Execute a query of Marketing Cloud over complete data, and download the result."""
        raise Unsupported("run_workflow")

    def schedule_workflow(self, args: arguments.ScheduleWorkflowArguments) -> Answer:
        """Have Marketing Cloud execute a query each day or week; read its newest result."""
        raise Unsupported("schedule_workflow")

    def idle(self, args: arguments.IdleArguments) -> Answer:
        """Make no call for a number of seconds."""
        raise Unsupported("idle")


class _Loop:
    """Reads requests, calls the method of the verb, writes replies in the order they are ready."""

    def __init__(self, kind: type[Adapter], replies: IO[str]) -> None:
        self._kind = kind
        self._replies = replies
        self._adapters: dict[str, Adapter] = {}
        self._lock = Lock()

    def answer_all(self, lines: Iterable[str], workers: int) -> None:
        last: int | None = None
        with ThreadPoolExecutor(workers) as pool:
            for line in lines:
                request = json.loads(line)
                if request["verb"] == "shutdown":
                    last = request["id"]
                    break
                pool.submit(self._answer, request)
        if last is not None:
            self._write({"id": last, "status": "done"})

    def _answer(self, request: Mapping[str, Any]) -> None:
        try:
            reply = self._work(request["verb"], request)
        except Unsupported as reason:
            reply = {"status": "unsupported", "error": f"not supported: {reason}"}
        except Exception as error:  # noqa: BLE001 -- every request gets a reply
            reply = {"status": "failed", "error": f"{type(error).__name__}: {error}"}
        self._write({"id": request["id"], **reply})

    def _work(self, verb: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the reply of the method that is named after the verb."""
        adapter = self._adapter(request)
        if not hasattr(adapter, verb):
            raise Unsupported(verb)
        return _reply(getattr(adapter, verb)(request["args"]))

    def _adapter(self, request: Mapping[str, Any]) -> Adapter:
        """Return the instance of these credentials, so that its tokens serve the whole case."""
        name = request["credentials"]["clientId"]
        with self._lock:
            if name not in self._adapters:
                self._adapters[name] = self._kind(Connection.from_request(request))
            return self._adapters[name]

    def _write(self, reply: Mapping[str, Any]) -> None:
        with self._lock, suppress(BrokenPipeError):
            self._replies.write(json.dumps(reply, ensure_ascii=False) + "\n")
            self._replies.flush()


def _reply(answer: Answer) -> dict[str, Any]:
    if answer is None:
        return {"status": "done"}
    result = answer if isinstance(answer, Result) else Result(done=answer)
    reply = {"status": result.status, "done": result.done, "failed": result.failed}
    more = {"error": result.error or None, "sums": result.sums}
    return reply | {name: value for name, value in more.items() if value is not None}
