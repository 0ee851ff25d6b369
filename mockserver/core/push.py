"""Where messages of Marketing Stream go outside the mock, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_WAIT = 60.0
"""Seconds of the sandbox between two attempts at most."""
MOST_ATTEMPTS = 10
"""Attempts at a message that the receiver refuses (assumed); then it is set aside."""
UNDELIVERED = "-undelivered"
"""What the name of the queue with messages that were set aside ends with."""

_FILES = "s3"
_QUEUES = "sqs"
WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class PushTargets:
    """Base URLs of AWS-compatible servers by service, the URL of a web hook, and its secret."""

    endpoints: dict[str, str] = field(default_factory=dict)
    webhook: str = ""
    secret: str = ""

    def __bool__(self) -> bool:
        return bool(self.endpoints or self.webhook)

    def of(self, service: str) -> str:
        """Return what takes the messages of a kind of destination; empty for the inbox.

        A file goes outside only together with its notification.
        """
        if service == _FILES:
            return _FILES if {_FILES, _QUEUES} <= self.endpoints.keys() else ""
        if service in self.endpoints:
            return service
        return WEBHOOK if self.webhook else ""

    def url(self, target: str) -> str:
        """Return the URL to which the messages of a target are sent."""
        if target == WEBHOOK:
            return self.webhook
        return self.endpoints[_QUEUES if target == _FILES else target]


@dataclass(slots=True)
class PushState:
    """What became of the messages of one queue that go outside.

    ``attempts`` and ``failures`` count requests, ``delivered`` and ``undelivered`` messages.
    ``row`` is how many requests failed in a row; the next one is sent at ``next_at`` (sandbox
    seconds). ``tried`` counts the attempts at messages that the receiver refused.
    """

    target: str
    url: str
    delivered: int = 0
    undelivered: int = 0
    attempts: int = 0
    failures: int = 0
    row: int = 0
    next_at: float = 0.0
    error: str = ""
    error_at: float = 0.0
    tried: dict[str, int] = field(default_factory=dict)

    def fail(self, error: str, now: float) -> None:
        """Note a failed request: the next one waits twice as long as before."""
        self.failures += 1
        self.row += 1
        self.error, self.error_at = error, now
        self.next_at = now + min(LONGEST_WAIT, 2.0 ** min(self.row - 1, 16))

    def succeed(self) -> None:
        """Note a request that worked: the next one is sent at once."""
        self.row, self.next_at = 0, 0.0

    def is_due(self, now: float) -> bool:
        """Say whether the next request may be sent."""
        return now >= self.next_at or self.next_at - now > LONGEST_WAIT  # a reset set the clock


@dataclass(slots=True)
class Pushes:
    """The targets of a server, and the state of each queue by sandbox id and ARN."""

    targets: PushTargets = field(default_factory=PushTargets)
    states: dict[tuple[str, str], PushState] = field(default_factory=dict)

    def state(self, sandbox_id: str, arn: str, target: str) -> PushState:
        """Return the state of a queue, a new one if there is none."""
        found = self.states.get((sandbox_id, arn))
        if found is None or found.target != target:
            found = PushState(target, self.targets.url(target))
            self.states[sandbox_id, arn] = found
        return found
