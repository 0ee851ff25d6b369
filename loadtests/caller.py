"""The caller that sends every call itself, as the behavior defines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adsmock.contracts.loader import load
from adsmock.loadtests.pace import Pace, seconds_of
from adsmock.loadtests.roles import Caller, JobRequest, WriteResult
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.wire import OK, Answer, Wire
from adsmock.loadtests.work_queue import LONGEST_JOB, Job, Result, Target, WorkQueue

UNAUTHORIZED = 401

COMPLETED, FAILED = "COMPLETED", "FAILED"

MOST_PAGES = 40
"""Page limit of one read, which ends a read of a growing list."""

EXISTS = frozenset({"duplicateValueError"})
"""Errors that mean that an earlier attempt took effect."""


class HttpCaller(Caller):
    """The calls of one user over its own connections."""

    def __init__(self, shared: SharedState, wire: Wire) -> None:
        self._shared = shared
        self._behavior = shared.behavior
        self._wire = wire
        self._tokens: dict[str, str] = {}

    def start_turn(self) -> None:
        """Drop the tokens of the last turn, which a behavior without shared tokens uses."""
        self._tokens.clear()

    def write(
        self, verb: str, resource: str, target: Target, items: Sequence[dict[str, Any]]
    ) -> list[WriteResult]:
        """Write one batch; without a multi-status answer every item is retried."""
        contract = load().by_name[resource]
        answer = self._ask(f"{resource}.{verb}", target, {contract.envelope: list(items)})
        rows = answer.body.get(contract.envelope) if answer else None
        found = [WriteResult("again")] * len(items)
        if rows is None:
            return found
        assert contract.identity is not None, "resources that are written in batches have ids"
        for row in rows.get("success", []):
            found[row["index"]] = WriteResult("done", str(row[contract.identity.success]))
        for row in rows.get("error", []):
            found[row["index"]] = self._refused(row, resource, target, items[row["index"]])
        return found

    def _refused(
        self, row: dict[str, Any], resource: str, target: Target, item: dict[str, Any]
    ) -> WriteResult:
        """Return the result of an error row; an entity that exists is found by its name."""
        result = _result(row)
        if result != "done" or "name" not in item:
            return WriteResult(result)
        name = {"queryTermMatchType": "EXACT_MATCH", "include": [item["name"]]}
        body: dict[str, Any] = {"nameFilter": name}
        if "campaignId" in item:
            body["campaignIdFilter"] = {"include": [item["campaignId"]]}
        contract = load().by_name[resource]
        answer = self._ask(f"{resource}.list", target, body)
        rows = answer.body.get(contract.envelope) if answer else None
        assert contract.identity is not None, "resources with names have ids"
        if not rows:
            return WriteResult("again")
        return WriteResult("done", str(rows[0][contract.identity.field]))

    def read(self, resource: str, target: Target) -> bool:
        """Read all pages."""
        body: dict[str, Any] = {"maxResults": self._behavior.page}
        for _page in range(MOST_PAGES):
            answer = self._ask(f"{resource}.list", target, body)
            if answer is None or not answer.is_accepted:
                return False
            if not answer.body.get("nextToken"):
                return True
            body["nextToken"] = answer.body["nextToken"]
        return True

    def fetch(self, request: JobRequest, queue: WorkQueue) -> bool:
        """Create the job, or poll it as often as a turn allows; return whether its file arrived."""
        if queue.job is None:
            answer = self._ask(request.create, queue.target, request.body)
            name = answer.body.get(request.identity) if answer else None
            if not name:
                return False
            first, now = self._behavior.first_poll, self._shared.clock.now()
            queue.job = Job(name, now + first, first, now + LONGEST_JOB)
        return any(self._poll(request, queue) for _each in range(self._behavior.polls))

    def _poll(self, request: JobRequest, queue: WorkQueue) -> bool:
        job, now = queue.job, self._shared.clock.now()
        if job is None or now < job.next_look:
            return False
        answer = self._ask(request.poll, queue.target, None, **{request.identity: job.id})
        job.wait = self._behavior.next_poll(job.wait)
        job.next_look = now + job.wait
        status = answer.body.get("status") if answer else None
        if status == FAILED or (status != COMPLETED and now >= job.until):
            queue.job = None  # the next turn creates another one
        if status != COMPLETED or answer is None:
            return False
        queue.job = None
        return self._wire.download(answer.body["url"], queue.target.region).status == OK

    def _ask(self, operation: str, target: Target, body: Any, **ids: str) -> Answer | None:
        """Call as the behavior defines; return None when the quota is not free."""
        if not self._behavior.is_paced:
            return self._at_once(operation, target, body, **ids)
        with self._shared.slot(target.region, load().operations[operation].quota) as pace:
            return self._paced(pace, operation, target, body, **ids) if pace else None

    def _at_once(self, operation: str, target: Target, body: Any, **ids: str) -> Answer | None:
        """Call with a token of this turn, and retry a refusal immediately."""
        if target.region not in self._tokens:
            self._tokens[target.region] = self._grant(target.region)[0]
        token = self._tokens[target.region]
        if not token:
            return None  # refused for this turn
        answer = None
        for _try in range(self._behavior.tries):
            answer = self._wire.call(operation, self._place(target), token, body, **ids)
            if answer.is_accepted:
                break
        return answer

    def _paced(self, pace: Pace, operation: str, target: Target, body: Any, **ids: str) -> Answer:
        """Call with the shared token and adapt the pace to the answer."""
        token = self._shared.token(target.region, self._grant)
        answer = self._wire.call(operation, self._place(target), token, body, **ids)
        if answer.is_throttled:
            stated = seconds_of(answer.retry_after)
            pace.throttled(self._shared.clock.now(), stated, self._shared.draw.fraction())
        elif answer.status == UNAUTHORIZED:
            self._shared.forget_token(target.region)
        elif answer.is_accepted:
            pace.accepted()
        return answer

    def _grant(self, region: str) -> tuple[str, float]:
        return self._wire.token(region, self._shared.plan.regions[region]["lwa"])

    def _place(self, target: Target) -> tuple[str, str, str]:
        return target.region, self._shared.plan.regions[target.region]["ads"], target.profile_id


def _result(row: dict[str, Any]) -> Result:
    """Return the result of an item with an error row in a multi-status answer."""
    kinds = {each.get("errorType") for each in row.get("errors", [])}
    if kinds & EXISTS:
        return "done"
    return "again" if "throttledError" in kinds else "refused"
