"""One subscription: what happened to it, and the state that follows from the time.

Source: managing-subscriptions (documented: states and their order; times of the sample).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.entity import ARCHIVED, ENABLED, Entity
from adsmock.mockserver.services.stream import destination
from adsmock.mockserver.services.stream.facts import FILES, provisioning_seconds

Status = Literal[
    "ACTIVE", "ARCHIVED", "FAILED_CONFIRMATION", "FAILED_PROVISIONING", "PENDING_CONFIRMATION",
    "PROVISIONING", "SUSPENDED",
]  # fmt: skip

LIVE: frozenset[Status] = frozenset({"ACTIVE", "PENDING_CONFIRMATION", "PROVISIONING"})
"""States that are not final."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who sees a subscription: client application, Amazon user, region and advertiser account.

    ``kind`` is the kind of operations that serve it.
    """

    client: str
    user: str
    region: str
    account: str
    kind: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription. Times are sandbox seconds.

    ``confirmed`` is the time of the confirmation, of a Firehose that of its provisioning; ``ended``
    is SUSPENDED or ARCHIVED since ``ended_at``. ``token`` and ``asked`` name the request that
    created it. ``firehose`` holds its stream and roles, empty for a queue; ``is_sound`` says that
    they fit together.
    ``announced`` is when the confirmation message was sent, whose URL begins with ``sns_base``;
    records that were due up to ``delivered`` are in the queue.

    One of the second generation (``service`` is ``s3``) writes files to ``bucket``; ``accounts``
    are pairs of an account id and a profile id. ``refused`` counts the deliveries in a row that a
    policy refused.
    """

    id: str
    owner: Owner
    dataset: str
    service: str
    arn: str
    created: float
    firehose: dict[str, Any] = field(default_factory=dict)
    is_sound: bool = True
    notes: str | None = None
    noted: float = 0.0
    token: str = ""
    asked: str = ""
    confirmed: float | None = None
    ended: Literal["", "SUSPENDED", "ARCHIVED"] = ""
    ended_at: float = 0.0
    announced: float | None = None
    sns_base: str = ""
    delivered: float = 0.0
    bucket: str = ""
    accounts: list[list[str]] = field(default_factory=list)
    refused: int = 0

    @property
    def has_files(self) -> bool:
        """Whether it is of the second generation, which delivers files."""
        return self.service == FILES

    @property
    def provisioned(self) -> float:
        """When it stops being PROVISIONING."""
        return self.created + provisioning_seconds(self.service)

    def status_at(self, now: float, confirm_within: float) -> tuple[Status, float]:
        """Return the state at ``now`` and since when; ``confirm_within`` is in seconds."""
        if self.ended:
            return self.ended, self.ended_at
        ready = self.provisioned
        if now < ready:
            return "PROVISIONING", self.created
        if self.service == "firehose":
            return ("ACTIVE" if self.is_sound else "FAILED_PROVISIONING"), ready
        if self.confirmed is not None:
            return "ACTIVE", self.confirmed
        if now >= ready + confirm_within:
            return "FAILED_CONFIRMATION", ready + confirm_within
        return "PENDING_CONFIRMATION", ready

    def shown_at(self, now: float, confirm_within: float) -> dict[str, Any]:
        """Return the subscription as the wire shows it at ``now``."""
        status, since = self.status_at(now, confirm_within)
        if self.has_files:
            return {
                "streamSubscriptionId": self.id,
                "configuration": {"dataset": {"datasetId": self.dataset}},
                "destination": {
                    "s3Destination": {
                        "bucketArn": f"arn:aws:s3:::{self.bucket}",
                        "notification": {"queueArn": self.arn},
                    }
                },
                "status": status,
                "creationDateTime": format_utc(self.created),
                "lastUpdatedDateTime": format_utc(since),
            }
        row = {
            "subscriptionId": self.id,
            "dataSetId": self.dataset,
            **destination.shown(self.service, self.arn, self.firehose),
            "status": status,
            "createdDate": short_time(self.created),
            "updatedDate": short_time(max(since, self.noted)),
        }
        return row if self.notes is None else row | {"notes": self.notes}

    def entity(self, seq: int) -> Entity:
        """Return the stored form; ``seq`` is the number of its creation."""
        state = ARCHIVED if self.ended else ENABLED
        body = orjson.dumps(asdict(self))
        return Entity(self.id, seq, state, body, (), None, self.created, self.created)


def read(entity: Entity) -> Subscription:
    """Return the subscription of a stored entity."""
    row = orjson.loads(entity.body)
    return Subscription(**row | {"owner": Owner(**row["owner"])})


def short_time(seconds: float) -> str:
    """Return a UTC time with up to three digits of a second, without trailing zeros.

    Source: managing-subscriptions (documented sample: ``…30.02Z``).
    """
    text = format_utc(seconds)[:-1]
    return text.rstrip("0").rstrip(".") + "Z"
