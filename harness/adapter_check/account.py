"""The sandbox of the check: a few campaigns in NA, one in EU, jobs that end within a second."""

from __future__ import annotations

import json
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.adapter_check.entities import Entities
from adsmock.harness.suite.case_setup import AMPLE
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.queue_setup import queue_access, queue_url

START = "2026-07-01T12:00:00Z"

NAMES = ("Check one", "Check two", "Check three", "Check four", "Check five")
"""Campaigns of the profile in NA. The first has an ad group; the third is paused."""

PAUSED = "Check three"

BUDGET = 20.0

QUEUE = "check"
"""The queue of Marketing Stream, and the clicks of its records by idempotency_id."""

CLICKS = {"check-1": 2, "check-2": 3}

AD_GROUP = str(2 * 10**14)
"""The id of the ad group in the first campaign."""


class Account:
    """A new sandbox with its first entities; ids are strings."""

    def __init__(self, plane: Plane, name: str) -> None:
        self._plane = plane
        made = plane.create_sandbox(
            {
                "id": name,
                "seed": 7,
                "clock": {"mode": "real", "start": START},
                "journal": "full",
                "quotas": dict.fromkeys(load().quotas, AMPLE),
                "choices": dict.fromkeys(("amc.seconds", "export.seconds", "report.seconds"), "1"),
            }
        )
        self.sandbox = str(made["id"])
        self.request = _request(made)
        self.instance: dict[str, str] = next(
            row["marketingCloud"] for row in made["profiles"] if row["region"] == "NA"
        )
        self.ids = {name: str(10**14 + place) for place, name in enumerate((*NAMES, "Check EU"))}
        plane.add_state(
            self.sandbox,
            {
                self.profile("NA"): {
                    "sp.campaigns": [self._campaign(name) for name in NAMES],
                    "sp.adGroups": [self._ad_group()],
                },
                self.profile("EU"): {"sp.campaigns": [self._campaign("Check EU")]},
            },
        )

        plane.send_messages(self.sandbox, QUEUE, _bodies())
        parents = {"sp.campaigns": self.ids[NAMES[0]], "sp.adGroups": AD_GROUP}
        self.entities_of = Entities(self.request, self.profile("NA"), parents)

    @property
    def queue_url(self) -> str:
        """The URL of the queue, which has one record twice."""
        return queue_url(self.request["aws"], QUEUE)

    def profile(self, region: str) -> str:
        """Return the first profile of a region."""
        rows = self.request["profiles"]
        return next(str(row["profileId"]) for row in rows if row["region"] == region)

    def entities(self, resource: str, region: str = "NA") -> dict[str, dict[str, Any]]:
        """Return the entities of a region's first profile by name, keyword text or SKU."""
        rows = self._plane.state(self.sandbox).get(self.profile(region), {}).get(resource, [])
        names = ("name", "keywordText", "sku")
        return {next(str(row[name]) for name in names if name in row): row for row in rows}

    def calls(self, after: int) -> list[dict[str, Any]]:
        """Return the journal's entries after a number."""
        rows, _ = self._plane.journal(self.sandbox, after)
        return rows

    def trust(self, folder: str) -> dict[str, Any]:
        """Return the members of a request to NA over TLS; the certificate is put into a folder.

        Raises:
            PlaneError: the mock cannot serve TLS.
        """
        made = self._plane.open_listener(self.sandbox, "none", "NA")
        path = f"{folder}/ca.pem"
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 -- the request names a string
            file.write(str(made["certificate"]))
        urls = {"NA": dict.fromkeys(("ads", "lwa"), str(made["url"]))}
        return {"regions": self.request["regions"] | urls, "caBundle": path}

    def _campaign(self, name: str) -> dict[str, Any]:
        return {
            "campaignId": self.ids[name],
            "name": name,
            "targetingType": "MANUAL",
            "state": "PAUSED" if name == PAUSED else "ENABLED",
            "budget": {"budget": BUDGET, "budgetType": "DAILY"},
            "startDate": "2026-06-01",
        }

    def _ad_group(self) -> dict[str, Any]:
        campaign = {"adGroupId": AD_GROUP, "campaignId": self.ids[NAMES[0]]}
        return campaign | {"name": "Check group", "defaultBid": 0.5, "state": "ENABLED"}


def _request(made: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a request that are the same for all verbs."""
    return {
        "case": "CHECK",
        "seed": 7,
        "regions": made["urls"],
        "profiles": [
            {key: row[key] for key in ("profileId", "region", "countryCode")}
            for row in made["profiles"]
        ],
        "credentials": made["client"],
        "aws": queue_access(made, through_proxy=False),
    }


def _bodies() -> list[str]:
    """Return the messages of the queue: each record, and a copy of the first."""
    records = [
        {"idempotency_id": name, "dataset_id": "sp-traffic", "clicks": clicks}
        for name, clicks in CLICKS.items()
    ]
    return [json.dumps(each) for each in (*records, records[0])]
