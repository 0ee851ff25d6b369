"""The mock under load: started as a process of its own, set up and observed over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import requests

from adsmock.contracts.loader import load
from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.suite.control import Server, ServerError
from adsmock.loadtests.account import account
from adsmock.loadtests.injected import Injected, Moment, injected
from adsmock.loadtests.optimum import HELD
from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.planned_work import Advertisers
from adsmock.loadtests.roles import exporter, reporter
from adsmock.loadtests.work_queue import Target

ANSWER = 30.0
"""Timeout of the control plane in seconds: adding state takes longest."""

FAMILY = "sp.campaigns"

PROFILES = (
    *(("NA", country) for country in ("US", "CA", "MX")),
    *(("EU", country) for country in ("UK", "DE", "FR")),
    *(("FE", country) for country in ("JP", "AU", "SG")),
)
"""The advertisers of the rehearsal: enough for their writes to reach the quotas at the openings."""

TOKEN, LONGEST_TOKEN = 3600, 31_536_000
"""Seconds for which a token is valid, and the most that the mock takes."""

DEFAULT = Advertisers("", "", 1, HELD["campaigns"], HELD["keywords"])
"""The entities of a profile, unless a plan says otherwise."""


class MockSetupError(Exception):
    """The mock did not start, or refused its setup; the text contains the reason."""


@contextmanager
def mock(data: Path | None = None) -> Iterator[str]:
    """Start a mock on free ports, yield the address of its control plane, and stop it at the end.

    With a folder ``data`` it keeps its state there, and continues with it.

    Raises:
        MockSetupError: it did not announce itself in time.
    """
    try:
        options = ["--data-dir", str(data)] if data else []
        with Server.started(options=options) as server:
            yield server.control
    except ServerError as failed:
        raise MockSetupError(f"the mock did not start: {failed}") from failed


class MockControl:
    """The control plane of one mock, and the sandbox of one rehearsal in it."""

    def __init__(self, control: str) -> None:
        self.control = control
        self._base = control.rstrip("/") + "/_mock/v1"
        self._session = requests.Session()
        if token := os.environ.get("ADSMOCK_CONTROL_TOKEN"):
            self._session.headers["Authorization"] = f"Bearer {token}"
        self.sandbox: dict[str, Any] = {}

    def prepare(
        self,
        seed: int,
        quotas: dict[str, dict[str, float]],
        rate: float = 1.0,
        advertisers: Sequence[Advertisers] = (),
    ) -> tuple[Target, ...]:
        """Create a sandbox with the stated quotas and entities; return the profiles to work on.

        Its clock runs ``rate`` seconds a second. Tokens and jobs last as long for the integration
        as with a real clock. ``advertisers`` are those of a partner's plan.

        Raises:
            MockSetupError: the mock cannot be reached, or refuses.
        """
        groups = [each for each in advertisers for _number in range(each.profiles)]
        places = _places(groups) if groups else PROFILES
        profiles = [{"region": region, "country": country} for region, country in places]
        body = {
            "seed": seed,
            "quotas": quotas,
            "journal": "full",
            "profiles": profiles,
            "choices": {
                "export.seconds": f"{exporter.SECONDS * rate:g}",
                "report.seconds": f"{reporter.SECONDS * rate:g}",
            },
        }
        if rate != 1.0:
            body["clock"] = _clock(rate)
            body["tokenLifetime"] = min(LONGEST_TOKEN, round(TOKEN * rate))
        self.sandbox = self._ask("POST", "/sandboxes", body)
        made = self.sandbox["profiles"]
        owners = groups or [DEFAULT] * len(made)
        return tuple(self._fill(*each) for each in zip(range(len(made)), made, owners, strict=True))

    def attach(self, sandbox: str) -> None:
        """Continue with a sandbox of an earlier run.

        Raises:
            MockSetupError: the mock cannot be reached, or has no such sandbox.
        """
        self.sandbox = self._ask("GET", f"/sandboxes/{sandbox}")

    def hold(self) -> None:
        """Stop the sandbox's clock, so that no fault of the event passes between two runs."""
        self._ask("PUT", f"/sandboxes/{self.sandbox['id']}/clock", {"mode": "frozen"})

    def go_on(self, rate: float) -> None:
        """Let the sandbox's clock run again."""
        self._ask("PUT", f"/sandboxes/{self.sandbox['id']}/clock", _clock(rate))

    def play(self, scenario: str, seconds: float) -> None:
        """Start a scenario that lasts ``seconds``."""
        body = {"name": scenario, "over": f"PT{seconds:.3f}S"}
        self._ask("POST", f"/sandboxes/{self.sandbox['id']}/scenario", body)

    def injected(self, elapsed: float, plan: RehearsalPlan) -> Injected:
        """Return what the mock plans to do to the program, ``elapsed`` seconds after its start.

        Times of faults count from the scenario's begin: call it right after ``play``.
        """
        path = f"/sandboxes/{self.sandbox['id']}"
        began = self.now() - elapsed * plan.rate
        start = Moment(began, 0.0 if plan.offset else elapsed, plan.rate)
        faults, throttle = self._ask("GET", path + "/faults"), self._ask("GET", path + "/throttle")
        return injected(faults, throttle, start, plan.duration)

    def state(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return the stored entities by profile and resource."""
        profiles: dict[str, dict[str, list[dict[str, Any]]]]
        profiles = self._ask("GET", f"/sandboxes/{self.sandbox['id']}/state")["profiles"]
        return profiles

    def now(self) -> float:
        """Return the time of the sandbox's clock, in seconds since 1970."""
        clock = self._ask("GET", f"/sandboxes/{self.sandbox['id']}/clock")
        return datetime.fromisoformat(clock["now"]).timestamp()

    def open_proxy(self) -> tuple[str, str]:
        """Open a proxy for Amazon's host names; return its URL and its certificate."""
        path = f"/sandboxes/{self.sandbox['id']}/listeners"
        made = self._ask("POST", path, {"kind": "proxy", "flaw": "none"})
        return made["url"], made["certificate"]

    def leave(self) -> None:
        """Delete the sandbox."""
        self._ask("DELETE", f"/sandboxes/{self.sandbox['id']}")

    def metric(self, name: str) -> float | None:
        """Return a metric of the mock, summed over its labels; None when it is missing."""
        return metric(self._send("GET", "/metrics").text, name)

    def _fill(self, number: int, profile: dict[str, Any], owner: Advertisers) -> Target:
        """Give the ``number``-th profile its account, and return it with its keywords."""
        market = load().marketplaces[profile["countryCode"]]
        profile_id, today = profile["profileId"], self.sandbox["clock"]["now"][:10]
        draw = SeededRandom(f"{self.sandbox['seed']} account {number}")
        made = account(owner.campaigns, owner.keywords, market, draw, date.fromisoformat(today))
        campaigns = self._seed(profile_id, FAMILY, made.campaigns)
        groups = [each | {"campaignId": campaigns[place]} for place, each in made.groups]
        parents = [
            {"campaignId": group["campaignId"], "adGroupId": group_id}
            for group, group_id in zip(
                groups, self._seed(profile_id, "sp.adGroups", groups), strict=True
            )
        ]
        self._seed(profile_id, "sp.productAds", [each | parents[place] for place, each in made.ads])
        keywords = [each | parents[place] for place, each in made.keywords]
        return Target(
            profile_id,
            profile["region"],
            profile["countryCode"],
            tuple(self._seed(profile_id, "sp.keywords", keywords)),
            market.limits["sp.bid"].minimum,
            market.limits["sp.budget"].minimum,
            owner.group,
            today,
        )

    def _seed(self, profile_id: str, resource: str, entities: list[dict[str, Any]]) -> list[str]:
        body = {"profiles": {profile_id: {resource: entities}}}
        answer = self._ask("PATCH", f"/sandboxes/{self.sandbox['id']}/state", body)
        ids: list[str] = answer["profiles"][profile_id][resource]
        return ids

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        reply = self._send(method, path, body)
        return reply.json() if reply.content else {}

    def _send(self, method: str, path: str, body: Any = None) -> requests.Response:
        try:
            reply = self._session.request(method, self._base + path, json=body, timeout=ANSWER)
        except requests.RequestException as broken:
            reason = type(broken).__name__
            raise MockSetupError(f"no mock answers at {self._base}: {reason}") from broken
        if not reply.ok:
            raise MockSetupError(f"the mock refused {method} {path}: {reply.text[:300]}")
        return reply


def metric(text: str, name: str) -> float | None:
    """Return one metric from a Prometheus text, summed over its labels."""
    values = [
        float(line.rsplit(maxsplit=1)[1])
        for line in text.splitlines()
        if line.startswith((name + " ", name + "{"))
    ]
    return sum(values) if values else None


def _places(groups: Sequence[Advertisers]) -> list[tuple[str, str]]:
    """Return region and country of each profile; the countries of a region take turns."""
    countries = {
        region: cycle([country for where, country in PROFILES if where == region])
        for region, _country in PROFILES
    }
    return [(each.region, next(countries[each.region])) for each in groups]


def _clock(rate: float) -> dict[str, Any]:
    """Return a clock that runs ``rate`` seconds a second."""
    return {"mode": "real"} if rate == 1.0 else {"mode": "scaled", "rate": rate}
