"""A sandbox: isolated credentials, profiles, entities, time and faults.

Nothing is shared between sandboxes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, NamedTuple, Protocol

from adsmock.mockserver.core.bucket import Bucket
from adsmock.mockserver.core.clock import Clock
from adsmock.mockserver.core.fault import FaultPlan
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.core.job import Job, Worker, at_once
from adsmock.mockserver.core.journal import Journal
from adsmock.mockserver.core.load_window import LoadWindow, Tier, share_of, tier_of, waiting_of
from adsmock.mockserver.core.queue import Queue
from adsmock.mockserver.core.redaction import Redactor
from adsmock.mockserver.core.store import Store

MAX_TRACKED = 50_000
"""Logical requests and tokens kept per sandbox; the oldest are dropped first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One advertiser in one marketplace."""

    id: str
    region: str
    country: str
    currency: str
    timezone: str
    marketplace_id: str
    kind: str
    account_id: str
    daily_budget: float | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """The Login with Amazon credentials of one client."""

    client_id: str
    client_secret: str
    refresh_token: str


class Principal(NamedTuple):
    """The caller: the client, and the profile of its scope (None if the call needs none)."""

    client_id: str
    profile: Profile | None


@dataclass(slots=True)
class QuotaSetting:
    """One quota class of a sandbox; ``tiers`` tighten it as the region's queue grows.

    ``retry_after`` is always or never; empty before the family's own is filled in.
    """

    rate: float
    burst: float
    retry_after: str = ""
    tiers: tuple[Tier, ...] = ()


@dataclass(slots=True)
class Throttle:
    """Quotas, pressure and live buckets. Buckets are keyed (client, region, quota class).

    ``pressure`` lasts until it is changed, ``load_windows`` follow the sandbox's time.
    Source: Well-Architected Framework, fundamental component (documented: limits count a
    client's calls to each endpoint in each region); the bucket itself is assumed.
    """

    quotas: dict[str, QuotaSetting]
    pressure: dict[str, float] = field(default_factory=dict)
    retry_after: str = "family"
    buckets: dict[tuple[str, str, str], Bucket] = field(default_factory=dict)
    load_windows: tuple[LoadWindow, ...] = ()

    def restarted(self) -> Throttle:
        """Return the same quotas with full buckets, without pressure and load windows."""
        return Throttle(
            {name: replace(row) for name, row in self.quotas.items()}, retry_after=self.retry_after
        )

    def share(self, region: str, quota: str, now: float, waiting: int = 0) -> float:
        """Return the share of a quota that remains, with ``waiting`` own jobs in the queue."""
        share = self.pressure.get(region, 1.0)
        if self.load_windows:
            share *= share_of(self.load_windows, region, now)
        tiers = self.quotas[quota].tiers if quota in self.quotas else ()
        if tiers:
            share *= tier_of(tiers, waiting + waiting_of(self.load_windows, region, now))
        return share

    def bucket(self, client_id: str, region: str, quota: str, now: float) -> Bucket:
        """Return the bucket of a client, full at first."""
        key = (client_id, region, quota)
        found = self.buckets.get(key)
        if found is None:
            setting = self.quotas[quota]
            found = self.buckets[key] = Bucket(setting.rate, setting.burst, setting.burst, now)
        return found


@dataclass(slots=True)
class Tokens:
    """Expiries of issued access tokens, and what was revoked. Times are sandbox seconds.

    Tokens and codes are kept by their fingerprint, so that no snapshot has one in clear.
    """

    lifetime: float = 3600.0
    serial: int = 0
    expiries: dict[str, float] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    revoked_before: int = 0
    """Access tokens with a serial below this one are revoked."""
    refresh_revoked: bool = False


class Recorder(Protocol):
    """Records what changes in a sandbox, so that it survives the process."""

    def admit(self) -> None:
        """Refuse a call before its work if its changes could not be recorded."""

    def touch(self, job_id: str) -> None:
        """Note that a job changed or was deleted."""

    def record(self, chain: str | None = None) -> None:
        """Record what a call changed; ``chain`` is the logical request that was attempted."""

    def record_everything(self) -> None:
        """Record whatever changed, also by the control plane."""


@dataclass(slots=True)
class Sandbox:
    """The state of one sandbox. ``lock`` guards it against other threads."""

    id: str
    seed: int
    clock: Clock
    credentials: Credentials
    profiles: dict[str, Profile]
    throttle: Throttle
    journal: Journal
    faults: FaultPlan
    mint: Mint
    tokens: Tokens = field(default_factory=Tokens)
    store: Store = field(default_factory=Store)
    jobs: dict[str, Job] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    """SQS queues by ARN: the inbox of Marketing Stream."""
    shut_off: dict[str, float] = field(default_factory=dict)
    """Shut-off dates of families that differ from the calendar (sandbox seconds)."""
    choices: dict[str, str] = field(default_factory=dict)
    """What this sandbox answers where the evidence disagrees; see the contracts' facts."""
    scenarios: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The scenarios that were applied, each with what it replaced, as JSON."""
    state_digest: str | None = None
    """Digest of the state document that was stored last; calls do not change it."""
    usual: Throttle | None = None
    """The throttle that a reset restores."""
    names: dict[str, str] = field(default_factory=dict)
    """Names of companies and brands that were generated, by profile and purpose."""
    attempts: dict[str, int] = field(default_factory=dict)
    connections: dict[int, int] = field(default_factory=dict)
    redactor: Redactor = field(default_factory=Redactor)
    """Replaces secrets in what the journal keeps."""
    generation: int = 0
    """How many sandboxes with this id were deleted before: their tokens are not accepted."""
    recorder: Recorder | None = None
    """None for a server without a data directory."""
    worker: Worker = at_once
    """Runs work that would delay calls."""
    lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.redactor.learn(self.credentials.client_secret)
        self.redactor.learn(self.credentials.refresh_token)

    @property
    def is_documented(self) -> bool:
        """Whether replies are as the documents say where recordings differ: choice ``gateway``."""
        return self.choices.get("gateway") == "documented"

    @property
    def later_generation(self) -> tuple[int, ...]:
        """What signed strings add for a sandbox whose id was used before; usually nothing."""
        return (self.generation,) if self.generation else ()

    def touch(self, job: Job) -> None:
        """Note that a job changed or was deleted."""
        if self.recorder is not None:
            self.recorder.touch(job.id)

    def spend(self, region: str, quota: str, weight: float, now: float) -> float:
        """Spend ``weight`` of the client's quota and return 0.0, or the seconds to wait."""
        throttle = self.throttle
        setting = throttle.quotas.get(quota)
        if setting is None:
            return 0.0
        bucket = throttle.bucket(self.credentials.client_id, region, quota, now)
        if not (throttle.pressure or throttle.load_windows or setting.tiers):
            return bucket.take(weight, now)  # the common case
        waiting = self.waiting(region, quota, now)
        return bucket.take(weight, now, throttle.share(region, quota, now, waiting))

    def waiting(self, region: str, quota: str, now: float) -> int:
        """Return how many jobs run in a region if the quota has tiers, else 0."""
        setting = self.throttle.quotas.get(quota)
        if setting is None or not setting.tiers:
            return 0
        return sum(
            job.stage(now) == "running"
            and quota.startswith(job.contract)
            and job.profile_id in self.profiles
            and self.profiles[job.profile_id].region == region
            for job in self.jobs.values()
        )

    def attempt(self, key: str) -> int:
        """Count one more attempt of the logical request ``key`` and return its number."""
        number = self.attempts.get(key, 0) + 1
        self.attempts[key] = number
        if len(self.attempts) > MAX_TRACKED:
            del self.attempts[next(iter(self.attempts))]
        return number

    def connection(self, number: int) -> int:
        """Return the sandbox's own number of a connection, counted from 1 by first use."""
        known = self.connections.get(number)
        if known is None:
            if len(self.connections) >= MAX_TRACKED:
                self.connections.clear()
            known = self.connections[number] = len(self.connections) + 1
        return known
