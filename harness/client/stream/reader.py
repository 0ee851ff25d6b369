"""Reads queues for a client: a consumer in a loop, on the client's clock."""

from __future__ import annotations

import logging
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

import requests

from ..clock import Clock, Sleeper, SystemClock
from ..errors import Misuse
from ..settings import Settings
from .aws import WAIT_SECONDS, Aws, AwsError, SqsQueue
from .consumer import Consumer
from .store import StreamStore

_LOG = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
"""Seconds before a queue that failed is read again; doubled up to the wait of a receive."""


class StreamReader:
    """Reads queues into one store; reads one queue at a time."""

    consumer_class: ClassVar[type[Consumer]] = Consumer
    store_class: ClassVar[type[StreamStore]] = StreamStore
    queue_class: ClassVar[type[SqsQueue]] = SqsQueue

    def __init__(
        self, settings: Settings, path: str | Path, *, clock: Clock, sleeper: Sleeper
    ) -> None:
        self._settings = settings
        self._path = path
        self._clock = clock
        self._sleeper = sleeper
        self._store: StreamStore | None = None
        self._lock = Lock()

    def read(self, queue_url: str, seconds: float, day: str = "") -> dict[str, dict[str, Decimal]]:
        """Read a queue for a time; return the sums of all records so far, by dataset and metric.

        With ``day`` they are those of one day of the advertiser.

        Raises:
            Misuse: the settings have no access to AWS.
        """
        with self._lock:
            aws = self._aws()
            if self._store is None:
                self._store = self.store_class(self._path)
            # Only in the machine's time can a receive wait for messages.
            wait = WAIT_SECONDS if isinstance(self._clock, SystemClock) else 0
            queue = self.queue_class(queue_url, aws, min(wait, int(seconds)))
            self._read(self.consumer_class(queue, self._store, confirm=aws.confirm), seconds)
            return self._store.totals(day)

    def states(self, dataset: str) -> list[dict[str, Any]]:
        """Return the newest record of each key of a dataset, none before the first read."""
        return self._store.states(dataset) if self._store is not None else []

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()

    def _read(self, consumer: Consumer, seconds: float) -> None:
        end = self._clock.now() + seconds
        pause = FIRST_PAUSE
        while (left := end - self._clock.now()) > 0:
            try:
                is_empty = not consumer.step()
            except (AwsError, requests.RequestException) as error:
                _LOG.warning("the queue is read again after %s seconds: %s", pause, error)
                self._sleeper.sleep(min(pause, left))
                pause = min(2 * pause, float(WAIT_SECONDS))
                continue
            pause = FIRST_PAUSE
            if is_empty and not isinstance(self._clock, SystemClock):
                self._sleeper.sleep(min(float(WAIT_SECONDS), left))

    def _aws(self) -> Aws:
        """Return the access to AWS.

        Raises:
            Misuse: the settings have none.
        """
        found = self._settings.aws
        if found is None:
            raise Misuse("no access to SQS: set the member aws of the settings")
        aws = Aws(
            found.key_id,
            found.secret,
            found.region,
            sqs_endpoint=found.sqs,
            sns_endpoint=found.sns,
            clock=self._clock,
        )
        aws.session.trust_env = False
        if self._settings.ca_bundle:
            aws.session.verify = self._settings.ca_bundle
        if self._settings.proxy:
            aws.session.proxies = dict.fromkeys(("http", "https"), self._settings.proxy)
        return aws
