"""Which parts of a sandbox changed since they were last recorded, found without reading all of it.

Small parts are compared with a copy. Of those that grow only what is new is recorded: tokens,
jobs, attempts and the counts of fault rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from adsmock.mockserver.core.fault import PlannedRule
from adsmock.mockserver.core.queue import Queue, queue_changes, queue_row
from adsmock.mockserver.core.sandbox import Sandbox, Throttle, Tokens
from adsmock.mockserver.services.sandboxes.state import (
    dump_parts,
    fault_row,
    job_row,
    throttle_row,
    tokens_row,
)

Parts = dict[str, Any]
RuleCounts = tuple[int, int, int, int, float | None]


@dataclass(slots=True)
class _Seen:
    """The parts of a sandbox as they were recorded."""

    ids: int = 0
    clock: Any = None
    profiles: list[Any] = field(default_factory=list)
    shut_off: dict[str, float] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    scenarios: dict[str, Any] = field(default_factory=dict)
    state_digest: str | None = None
    names: int = 0
    throttle: tuple[Any, ...] = ()
    buckets: dict[Any, tuple[float, float]] = field(default_factory=dict)
    tokens: tuple[Any, ...] = ()
    faults: list[tuple[PlannedRule, RuleCounts]] = field(default_factory=list)
    jobs: Any = None
    job_count: int = 0
    queues: dict[str, Queue] = field(default_factory=dict)


class ChangedParts:
    """The changed parts of one sandbox. ``touched`` are the ids of changed jobs."""

    __slots__ = ("_filed", "_known", "_sandbox", "_seen", "touched")

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._seen = _Seen()
        self._known: set[str] = set()  # ids of recorded jobs
        self._filed: set[str] = set()  # ids of jobs whose file is recorded
        self.touched: set[str] = set()

    def all(self) -> Parts:
        """Return every part."""
        return dump_parts(self._sandbox) | {"clockState": self._sandbox.clock.written()}

    def of_call(self, chain: str | None, *, has_writes: bool) -> Parts:
        """Return the parts that a call of the data plane changed, by name.

        A call never changes what only the control plane sets, and one that stored entities changed
        no profile.
        """
        sandbox, seen, parts = self._sandbox, self._seen, Parts()
        if sandbox.mint.issued != seen.ids:
            parts["ids"] = sandbox.mint.counts()
        if chain is not None and chain in sandbox.attempts:
            parts["attempts+"] = {chain: sandbox.attempts[chain]}
        if len(sandbox.names) != seen.names:
            parts["names"] = dict(sandbox.names)
        if not has_writes and list(sandbox.profiles.values()) != seen.profiles:
            parts["budgets"] = {each.id: each.daily_budget for each in sandbox.profiles.values()}
        if _mark_of_tokens(sandbox.tokens) != seen.tokens:
            parts |= self._tokens(sandbox.tokens)
        if len(sandbox.faults) or seen.faults:
            parts |= self._faults()
        return parts | self._jobs_and_queues()

    def find(self) -> Parts:
        """Return all parts that differ from what was recorded, by name."""
        sandbox, seen = self._sandbox, self._seen
        parts = self.of_call(None, has_writes=False)
        if (sandbox.clock, sandbox.clock.mark) != seen.clock:
            parts["clockState"] = sandbox.clock.written()
        if sandbox.shut_off != seen.shut_off:
            parts["shutOff"] = dict(sandbox.shut_off)
        if sandbox.choices != seen.choices:
            parts["choices"] = dict(sandbox.choices)
        if sandbox.scenarios != seen.scenarios:
            parts["scenarios"] = dict(sandbox.scenarios)
        if sandbox.state_digest != seen.state_digest:
            parts["stateDigest"] = sandbox.state_digest
        if _mark_of_throttle(sandbox.throttle) != seen.throttle:
            parts["throttle"] = throttle_row(sandbox.throttle)
        return parts

    def buckets(self) -> Parts:
        """Return the buckets whose level changed; alone they are not worth a record."""
        rows = [
            [*key, [bucket.rate, bucket.burst, bucket.level, bucket.stamp]]
            for key, bucket in self._sandbox.throttle.buckets.items()
            if self._seen.buckets.get(key) != (bucket.level, bucket.stamp)
        ]
        return {"buckets+": rows} if rows else {}

    def note(self, parts: Parts) -> None:
        """Take the sandbox as it is for recorded, after ``parts`` were."""
        sandbox, seen = self._sandbox, self._seen
        seen.ids = sandbox.mint.issued
        for name in parts:
            note = _NOTES.get(name.removesuffix("+"))
            if note is not None:
                note(sandbox, seen)
        if "jobs" in parts or "jobs+" in parts:
            self._note_jobs()
            seen.jobs, seen.job_count = sandbox.jobs, len(sandbox.jobs)
            self.touched.clear()

    def note_all(self) -> None:
        """Take the sandbox as it is for recorded."""
        self.note(dict.fromkeys((*_NOTES, "jobs")))

    def _tokens(self, tokens: Tokens) -> Parts:
        """Return the new tokens, or all if more than grants has happened."""
        seen, mark = self._seen.tokens, _mark_of_tokens(tokens)
        if not seen or mark[0] is not seen[0] or mark[2:] != seen[2:]:
            return {"tokens": tokens_row(tokens)}
        new = tokens.serial - seen[1]
        latest = dict(islice(reversed(tokens.expiries.items()), new))
        return {"tokens+": {"serial": tokens.serial, "expiries": dict(reversed(latest.items()))}}

    def _faults(self) -> Parts:
        """Return the counts that changed, or all rules if there are others than before."""
        rules, seen = self._sandbox.faults.rules(), self._seen.faults
        if len(rules) != len(seen) or any(
            rule is not known for rule, (known, _) in zip(rules, seen, strict=True)
        ):
            return {"faults": [fault_row(each) for each in rules]}
        rows = {
            rule.rule.id: fault_row(rule, with_rule=False)
            for rule, (_, counts) in zip(rules, seen, strict=True)
            if _counts(rule) != counts
        }
        return {"faults+": rows} if rows else {}

    def _jobs(self) -> Parts:
        """Return the changed jobs, each with its file once; None for a deleted one."""
        jobs = self._sandbox.jobs
        if not self._is_touch_all():
            return {"jobs": [job_row(each) for each in jobs.values()]}
        rows: dict[str, Any] = {}
        for job_id in self.touched:
            job = jobs.get(job_id)
            with_file = job_id not in self._filed
            rows[job_id] = job_row(job, with_file=with_file) if job is not None else None
        return {"jobs+": rows}

    def _jobs_and_queues(self) -> Parts:
        sandbox, seen = self._sandbox, self._seen
        has_jobs = sandbox.jobs is not seen.jobs or len(sandbox.jobs) != seen.job_count
        parts = self._jobs() if self.touched or has_jobs else Parts()
        return parts | self._queues() if sandbox.queues or seen.queues else parts

    def _queues(self) -> Parts:
        """Return what changed in known queues, other queues whole, None for a deleted one."""
        queues, seen = self._sandbox.queues, self._seen.queues
        rows: dict[str, Any] = dict.fromkeys(seen.keys() - queues.keys())
        for arn, queue in queues.items():
            if queue.touched is None or seen.get(arn) is not queue:
                rows[arn] = queue_row(queue)
            elif queue.touched or queue.is_set:
                rows[arn] = queue_changes(queue)
        return {"queues+": rows} if rows else {}

    def _is_touch_all(self) -> bool:
        """Say whether the touched jobs explain every difference to the recorded ones."""
        jobs, seen = self._sandbox.jobs, self._seen
        grown = sum((job_id in jobs) - (job_id in self._known) for job_id in self.touched)
        return jobs is seen.jobs and seen.job_count + grown == len(jobs)

    def _note_jobs(self) -> None:
        jobs = self._sandbox.jobs
        changed = self.touched if self._is_touch_all() else {*jobs, *self._known}
        for job_id in changed:
            job = jobs.get(job_id)
            (self._known.discard if job is None else self._known.add)(job_id)
            if job is None or job.file is None or not job.file.done():
                self._filed.discard(job_id)
            else:
                self._filed.add(job_id)


def _note_budgets(sandbox: Sandbox, seen: _Seen) -> None:
    seen.profiles = list(sandbox.profiles.values())


def _note_clock(sandbox: Sandbox, seen: _Seen) -> None:
    seen.clock = (sandbox.clock, sandbox.clock.mark)


def _note_faults(sandbox: Sandbox, seen: _Seen) -> None:
    seen.faults = [(each, _counts(each)) for each in sandbox.faults.rules()]


def _note_throttle(sandbox: Sandbox, seen: _Seen) -> None:
    seen.throttle = _mark_of_throttle(sandbox.throttle)
    _note_buckets(sandbox, seen)


def _note_buckets(sandbox: Sandbox, seen: _Seen) -> None:
    seen.buckets = {
        key: (bucket.level, bucket.stamp) for key, bucket in sandbox.throttle.buckets.items()
    }


def _note_tokens(sandbox: Sandbox, seen: _Seen) -> None:
    seen.tokens = _mark_of_tokens(sandbox.tokens)


def _note_choices(sandbox: Sandbox, seen: _Seen) -> None:
    seen.choices = dict(sandbox.choices)


def _note_scenarios(sandbox: Sandbox, seen: _Seen) -> None:
    seen.scenarios = dict(sandbox.scenarios)


def _note_shut_off(sandbox: Sandbox, seen: _Seen) -> None:
    seen.shut_off = dict(sandbox.shut_off)


def _note_queues(sandbox: Sandbox, seen: _Seen) -> None:
    seen.queues = dict(sandbox.queues)
    for queue in sandbox.queues.values():
        queue.touched, queue.is_set = {}, False


def _note_names(sandbox: Sandbox, seen: _Seen) -> None:
    seen.names = len(sandbox.names)


def _note_digest(sandbox: Sandbox, seen: _Seen) -> None:
    seen.state_digest = sandbox.state_digest


_NOTES: dict[str, Callable[[Sandbox, _Seen], None]] = {
    "budgets": _note_budgets,
    "buckets": _note_buckets,
    "choices": _note_choices,
    "clockState": _note_clock,
    "faults": _note_faults,
    "names": _note_names,
    "queues": _note_queues,
    "scenarios": _note_scenarios,
    "shutOff": _note_shut_off,
    "stateDigest": _note_digest,
    "throttle": _note_throttle,
    "tokens": _note_tokens,
}


def _mark_of_tokens(tokens: Tokens) -> tuple[Any, ...]:
    return (
        tokens,
        tokens.serial,
        len(tokens.revoked),
        tokens.revoked_before,
        tokens.refresh_revoked,
    )


def _mark_of_throttle(throttle: Throttle) -> tuple[Any, ...]:
    return throttle.quotas, dict(throttle.pressure), throttle.retry_after, throttle.load_windows


def _counts(planned: PlannedRule) -> RuleCounts:
    failures = sum(planned.item_failures.values())
    return planned.matched, planned.selected, planned.triggered, failures, planned.began
