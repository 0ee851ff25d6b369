"""The datasets that are delivered, each with the module that makes its records."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from adsmock.mockserver.services.stream.delivery.record import Renderer

_ROOM = "adsmock.mockserver.services.stream.datasets"

_MODULES = {
    "adgroups": "entity_changes",
    "ads": "entity_changes",
    "ads-campaign-management-adgroups": "entity_changes",
    "ads-campaign-management-ads": "entity_changes",
    "ads-campaign-management-campaigns": "entity_changes",
    "ads-campaign-management-targets": "entity_changes",
    "budget-usage": "budget_usage",
    "campaigns": "entity_changes",
    "sb-clickstream": "hourly_deltas",
    "sb-conversion": "hourly_deltas",
    "sb-rich-media": "hourly_deltas",
    "sb-traffic": "hourly_deltas",
    "sd-conversion": "hourly_deltas",
    "sd-traffic": "hourly_deltas",
    "sp-budget-recommendations": "budget_recommendations",
    "sp-conversion": "hourly_deltas",
    "sp-traffic": "hourly_deltas",
    "targets": "entity_changes",
}
"""The module of ``stream.datasets`` for each dataset; its ``RENDERER`` makes the records."""


@cache
def renderer_of(dataset: str) -> Renderer | None:
    """Return the renderer of a dataset, None where none is delivered yet."""
    module = _MODULES.get(dataset)
    if module is None:
        return None
    found: Renderer = import_module(f"{_ROOM}.{module}").RENDERER
    return found
