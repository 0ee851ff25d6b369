"""The settings that a sandbox has now, and those that its section of the file asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from adsmock.contracts.iso8601 import parse_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.control.configuration.step import ControlPlane
from adsmock.mockserver.services.sandboxes.quotas import default_quotas
from adsmock.mockserver.services.sandboxes.scenario import Scenario, scenarios, with_duration

Quotas = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Present:
    """A sandbox as the control plane shows it; ``dates`` are seconds since 1970 by family."""

    row: dict[str, Any]
    throttle: dict[str, Any]
    faults: list[dict[str, Any]] = field(default_factory=list)
    dates: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, row: dict[str, Any], control: ControlPlane) -> Present:
        """Return the present settings of a sandbox that exists."""
        name = row["id"]
        families = control.call("versions.get", sandbox=name)["families"]
        return cls(
            row,
            control.call("throttle.get", sandbox=name),
            control.call("faults.list", sandbox=name)["faults"],
            {
                family: parse_utc(date["shutOff"])
                for family, date in families.items()
                if date["shutOff"] is not None
            },
        )

    @classmethod
    def created(cls, wanted: dict[str, Any]) -> Present:
        """Return the settings of a sandbox that has just been created for its section."""
        clock = {"rate": 1.0, "mode": "real"} | wanted.get("clock", {})
        return cls(
            {"clock": clock, "entities": 0},
            {
                "quotas": quotas_of(wanted),
                "pressure": {},
                "retryAfter": wanted.get("retryAfter", "family"),
                "loadWindows": [],
            },
        )


def quotas_of(wanted: dict[str, Any]) -> Quotas:
    """Return every quota class as a section sets it, the others with their defaults."""
    usual = default_quotas(load())
    defaults = {
        name: {"rate": quota.rate, "burst": quota.burst, "retryAfter": quota.retry_after}
        for name, quota in usual.items()
    }
    own = {
        name: {"retryAfter": usual[name].retry_after} | row
        for name, row in wanted.get("quotas", {}).items()
    }
    return defaults | own


def scenario_of(wanted: dict[str, Any]) -> Scenario | None:
    """Return the scenario of a section, scaled to its duration."""
    given = wanted.get("scenario")
    return given and with_duration(scenarios()[given["name"]], given.get("over"))
