"""A finding in a template, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]

RULES: Mapping[str, str] = {
    "topic-account": "The queue policy permits Amazon's topics of one dataset and region only.",
    "reviewer": "The queue policy lets Amazon's reviewer role read the queue's attributes.",
    "tls-only": "The queue policy denies requests without TLS.",
    "encryption": "The queue is encrypted at rest, with a key that SNS may use.",
    "standard-queue": "The queue is a standard queue; Marketing Stream takes no FIFO queue.",
    "dead-letter-queue": "Messages that fail too often go to a dead-letter queue.",
    "alarm": "Alarms watch the age of the queue and the content of the dead-letter queue.",
    "undecided": "A value that only a deployment knows was not checked.",
}
"""What each rule demands, by its id."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the rule, the dotted path in the template, and what to do.

    A note never fails a check.
    """

    rule: str
    level: Level
    path: str
    what: str
    next_step: str

    @property
    def text(self) -> str:
        """The finding in one line."""
        return f"{self.what}. {self.next_step}"
