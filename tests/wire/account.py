"""A sandbox with a client in its first profile, and an account worth having."""

import re

from adsmock.harness.client import AdsClient, RemoteClock, SeededRandom, Settings
from adsmock.mockserver.control.client import Control

START = "2026-07-01T12:00:00Z"
SECONDS = 1782907200.0
NEGATIVE = "campaignNegativeKeywords"
TREE = [
    {
        "name": name,
        "state": "ENABLED",
        "targetingType": "MANUAL",
        "startDate": "2026-07-02",
        "budget": {"budget": 20, "budgetType": "DAILY"},
        NEGATIVE: [{"keywordText": "free", "matchType": "NEGATIVE_EXACT", "state": "ENABLED"}],
        "adGroups": [
            {
                "name": "group",
                "state": "ENABLED",
                "defaultBid": 0.5,
                "keywords": [
                    {"keywordText": "kettle", "matchType": "EXACT", "state": "ENABLED", "bid": 0.7},
                    {"keywordText": "teapot", "matchType": "EXACT", "state": "ENABLED"},
                ],
                "negativeKeywords": [
                    {"keywordText": "cheap", "matchType": "NEGATIVE_EXACT", "state": "ENABLED"}
                ],
                "productAds": [{"sku": "SKU-1", "state": "ENABLED"}],
            }
        ],
    }
    for name in ("first", "second")
]


class AccountFixture:
    """A sandbox of its own with a client in its first profile."""

    def __init__(self, mock):
        self.control = Control(mock.control_url)
        wanted = {"seed": 3, "clock": {"mode": "frozen", "start": START}, "journal": "full"}
        self.made = self.control.call("sandboxes.create", data=wanted)
        self.profile = self.made["profiles"][0]["profileId"]
        self.task = {
            "regions": self.made["urls"],
            "profiles": self.made["profiles"],
            "credentials": self.made["client"],
        }
        self.clock = RemoteClock(SECONDS, self._advance)
        self.settings = Settings.from_task(self.task)
        self.client = self.another()

    def another(self, **more):
        """Return one more client of the same account, on the same clock."""
        return AdsClient(
            self.settings,
            clock=self.clock,
            sleeper=self.clock,
            random_source=SeededRandom(1),
            **more,
        )

    def _advance(self, seconds):
        data = {"seconds": seconds}
        return self.control.call("clock.advance", data, sandbox=self.made["id"])["nowSeconds"]

    def calls(self, glob):
        page = self.control.call("journal.get", sandbox=self.made["id"])
        return [one for one in page["entries"] if re.fullmatch(glob, one["operation"] or "")]

    def plant(self):
        branches = self.client.create_tree(self.profile, TREE)
        made = [branch for root in branches for branch in root.walk()]
        assert all(branch.outcome.is_done for branch in made), made
        return made
