"""Prometheus metrics of all calls, and the share of each quota that they use.

Source: WAF, operational excellence: measure call volume by operation and region, warn before the
limit (documented).
"""

from __future__ import annotations

import importlib
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .api import Quota, load_api
from .errors import Misuse
from .observe import Exchange

WINDOW = 60.0
"""Seconds over which usage is measured (own choice)."""

THRESHOLD = 0.8
"""The share of a quota at which the hook is called (own choice)."""

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True)
class Usage:
    """The used share of one region's quota class in the last minute; 1.0 is all of it."""

    region: str
    quota: str
    share: float
    at: float


class Meter:
    """An observer that counts exchanges in its own registry.

    Metrics: ``adsclient_calls_total`` and ``adsclient_weight_total`` (region, operation, status,
    quota), ``adsclient_call_seconds`` (operation) and ``adsclient_quota_share`` (region, quota).
    """

    def __init__(
        self,
        quotas: Mapping[str, Quota] | None = None,
        on_threshold: Callable[[Usage], None] | None = None,
        *,
        threshold: float = THRESHOLD,
        window: float = WINDOW,
    ) -> None:
        """Make the metrics.

        Args:
            quotas: the quotas by class (default: those in ``api.json``); a class without a
                quota has no share.
            on_threshold: called once each time a share reaches the threshold.
            threshold: a share between 0 and 1.
            window: the seconds over which a share is measured.
        """
        self._library = _prometheus_client()
        self.registry = self._library.CollectorRegistry()
        self._make_metrics()
        self._quotas = load_api().quotas if quotas is None else quotas
        self._hook = on_threshold
        self._threshold = threshold
        self._window = window
        self._lock = threading.Lock()
        self._recent: defaultdict[tuple[str, str], deque[tuple[float, int]]] = defaultdict(deque)
        self._above: set[tuple[str, str]] = set()

    def _make_metrics(self) -> None:
        labels = ("region", "operation", "status", "quota")
        self._calls = self._library.Counter(
            "adsclient_calls", "Requests sent, retries too", labels, registry=self.registry
        )
        self._weights = self._library.Counter(
            "adsclient_weight",
            "Weight of the requests in their quota",
            labels,
            registry=self.registry,
        )
        self._seconds = self._library.Histogram(
            "adsclient_call_seconds",
            "Seconds from request to reply",
            ("operation",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._share = self._library.Gauge(
            "adsclient_quota_share",
            "Part of a quota used in the last minute",
            ("region", "quota"),
            registry=self.registry,
        )

    def note(self, exchange: Exchange) -> None:
        """Count an exchange; call the hook when its quota reaches the threshold."""
        labels = (exchange.region, exchange.operation, exchange.result, exchange.quota)
        self._calls.labels(*labels).inc()
        self._weights.labels(*labels).inc(exchange.weight)
        self._seconds.labels(exchange.operation).observe(exchange.seconds)
        quota = self._quotas.get(exchange.quota)
        if quota is None:
            return
        usage, crossed = self._usage(exchange, quota)
        self._share.labels(usage.region, usage.quota).set(usage.share)
        if crossed and self._hook is not None:
            self._hook(usage)

    def exposition(self) -> str:
        """Return all metrics in the Prometheus text format."""
        text: bytes = self._library.generate_latest(self.registry)
        return text.decode()

    def _usage(self, exchange: Exchange, quota: Quota) -> tuple[Usage, bool]:
        """Return the usage of the quota, and whether it has just reached the threshold."""
        key = (exchange.region, exchange.quota)
        with self._lock:
            recent = self._recent[key]
            recent.append((exchange.at, exchange.weight))
            while recent[0][0] <= exchange.at - self._window:
                recent.popleft()
            share = sum(weight for _, weight in recent) / (quota.rate * self._window)
            crossed = share >= self._threshold and key not in self._above
            (self._above.add if share >= self._threshold else self._above.discard)(key)
        return Usage(*key, share, exchange.at), crossed


def _prometheus_client() -> Any:
    """Return the optional library that keeps the metrics; raises Misuse when it is missing."""
    try:
        return importlib.import_module("prometheus_client")
    except ImportError:
        raise Misuse(
            "a Meter needs the library prometheus-client, which is not installed: "
            "pip install prometheus-client"
        ) from None
