"""The effect of a fault: the base class of every fault kind.

Each kind is a subclass in ``mockserver.services.faults.kinds``. It overrides the methods of the
points at which it acts; the methods here do nothing.

Points
    before        before the work: the call is refused, or single items or a job are prepared.
    after_commit  the work is done, its answer is lost or changed.
    on_wire       while the answer is sent.
    delivery      no call: a message of Marketing Stream is on its way to a queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from adsmock.mockserver.core.call import BrokenConnection, Reply, Wire
from adsmock.mockserver.core.error import Injected

if TYPE_CHECKING:
    from adsmock.contracts.contract_set import ContractSet
    from adsmock.mockserver.core.delivery import Delivery
    from adsmock.mockserver.core.job import Job

Point = Literal["before", "after_commit", "on_wire", "delivery"]

Subject = Literal["call", "record", "confirmation"]
"""What a fault acts on: a call, or a message of Marketing Stream."""

Trigger = Callable[[], None]
"""Counts the fault as triggered; safe to call more than once."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One member of an effect in JSON: its name, its JSON Schema, and how its value is read."""

    name: str
    schema: dict[str, Any]
    read: Callable[[Any], Any]


def _as_given(value: Any) -> Any:
    return value


def setting(
    name: str,
    schema: dict[str, Any],
    *,
    default: Any = None,
    read: Callable[[Any], Any] = _as_given,
) -> Any:
    """Return a dataclass field that an effect reads from the JSON member ``name``."""
    return field(default=default, metadata={"setting": Setting(name, schema, read)})


@dataclass(frozen=True, slots=True)
class RefusalContext:
    """What a refusal may use: sandbox time, the error kind of a status, the caller's token."""

    now: float
    error_kind: Callable[[int], str]
    revoke_token: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a fault does to a call. ``latency`` is in seconds of the sandbox's time."""

    kind: ClassVar[str]
    points: ClassVar[tuple[Point, ...]]
    """Where the kind may act; the first is the default."""
    summary: ClassVar[str]
    """One line of documentation: README, OpenAPI document."""
    acts_on: ClassVar[tuple[Subject, ...]] = ("call",)
    required: ClassVar[tuple[str, ...]] = ()
    """Settings that a rule must give."""
    precedes_token: ClassVar[bool] = False
    """The kind acts before the caller's token is checked."""
    is_endless: ClassVar[bool] = False
    """A stopping server need not wait for the answer."""
    spends_latency: ClassVar[bool] = False
    """``send`` spends the latency itself."""

    point: str = ""
    latency: float = setting(
        "latencyMs",
        {
            "type": "number",
            "description": "Wait before the answer, in milliseconds.",
            "minimum": 0,
            "maximum": 600000,
        },
        default=0.0,
        read=lambda milliseconds: milliseconds / 1000,
    )
    gather: bool = setting(
        "gather",
        {
            "type": "boolean",
            "description": "Answer simultaneous calls at the same time: `latencyMs` starts again "
            "with each further call that the rule selects.",
        },
        default=False,
    )

    def __post_init__(self) -> None:
        if not self.point:
            object.__setattr__(self, "point", self.points[0])

    @classmethod
    def check(cls, given: dict[str, Any], contract_set: ContractSet) -> None:
        """Check what the schema cannot.

        Raises:
            SetupError: with a pointer that starts at the rule.
        """

    @property
    def acts_on_wire(self) -> bool:
        """Say whether the answer has to be sent by the effect."""
        own = type(self)
        changes = own.send is not Effect.send or own.change_body is not Effect.change_body
        return changes or bool(self.latency)

    def refuse(self, context: RefusalContext) -> Injected | None:
        """Return the refusal of the whole call, None if the effect refuses nothing."""
        return None

    def change_job(self, job: Job, error: str) -> bool:
        """Change how a new job ends and return whether that was possible.

        Args:
            job: an export or a report.
            error: the text of a failure in the words of the family.
        """
        return False

    def expire_url(self, job: Job, number: int) -> bool:
        """Expire the job's download URL ``number`` and return whether it was valid until now."""
        return False

    def edit_reply(self, reply: Reply, *seed: object) -> bool:
        """Edit the reply before it is journaled and return whether it changed.

        Args:
            reply: the reply of the work.
            seed: what random choices depend on.
        """
        return False

    def change_delivery(self, delivery: Delivery) -> bool:
        """Change what is sent in place of a message and return whether that was possible."""
        return False

    def change_body(self, reply: Reply) -> bool:
        """Corrupt the bytes of the reply and return whether they changed."""
        return False

    def broken_in_process(self, reply: Reply) -> BrokenConnection | None:
        """Return how the effect breaks the connection of a caller in the same process."""
        return None

    async def send(self, wire: Wire, reply: Reply, trigger: Trigger) -> str:
        """Send the reply and return how the exchange ended, as the journal says it."""
        if self.change_body(reply) and not wire.is_gone:
            trigger()
        wire.send(reply)
        await wire.drain()
        if wire.is_gone:
            return "client-closed"
        wire.finish()
        return "complete"
