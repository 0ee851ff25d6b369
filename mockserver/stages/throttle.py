"""Throttling: weighted buckets per client, region and quota class.

Sources: Well-Architected Framework
(documented: limits per client, endpoint and region; ``Retry-After`` on a 429), rate limiting
page (documented: extended lists weigh five), issue reports (observed: the header is often
missing for some families). Bucket and numbers are assumed.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from adsmock.contracts.model import Operation
from adsmock.contracts.quota_weight import weight_of
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.sandbox import Sandbox


def throttle(
    operation: Operation,
    body: Any,
    region: str,
    sandbox: Sandbox,
    metrics: Metrics,
    *,
    now: float,
) -> None:
    """Spend the quota of a call at ``now`` (sandbox seconds).

    Raises:
        ApiError: 429 without quota, with ``Retry-After`` if the sandbox's mode says so.
    """
    weight = weight_of(operation, body)
    wait = sandbox.spend(region, operation.quota, weight, now)
    if not wait:
        return
    quota = sandbox.throttle
    metrics.was_throttled(sandbox.credentials.client_id, region, operation.quota)
    mode = quota.retry_after
    if mode == "family":
        mode = quota.quotas[operation.quota].retry_after
    headers = {"Retry-After": str(max(1, ceil(wait)))} if mode == "always" else {}
    setting = quota.quotas[operation.quota]
    rule = {
        "quota": operation.quota,
        "region": region,
        "rate": setting.rate,
        "burst": setting.burst,
        "weight": weight,
        "wait": wait,
    }
    raise ApiError("throttled", 429, headers=headers, rule=rule)
