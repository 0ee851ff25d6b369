"""A year of reports over ten thousand campaigns, while other calls go on: time, memory, latency."""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import requests

from adsmock.mockserver.core.clock import monotonic
from tests.bench.server import SERVE, _process

CAMPAIGNS = 10_000
MONTHS = 12
DAYS = 31
NEWS = date(2026, 2, 1)
"""The day the first report is asked for; each further one comes a month later."""
COLUMNS = [
    "date", "campaignId", "campaignName", "impressions", "clicks", "cost", "costPerClick",
    "purchases7d", "sales7d", "purchases14d", "sales14d", "unitsSoldClicks14d",
]  # fmt: skip
MEDIA = "application/vnd.spCampaign.v3+json"
ASKED = ("sp.read", "reporting.create", "reporting.get", "exports.create", "exports.get")
"""The quota classes of what is asked here."""


@dataclass(frozen=True)
class Cost:
    """What a year of reports took: seconds, those of the server's processor (with what the other
    calls took of it), bytes in all, megabytes before and at the peak, p99 of others in seconds."""

    seconds: float
    cpu: float
    size: int
    before: float
    peak: float
    idle: float
    busy: float


class MockProcess:
    """A sandbox of its own with ``campaigns`` live campaigns, and calls to it."""

    def __init__(self, where: dict[str, Any], campaigns: int) -> None:
        self.pid = where["pid"]
        self._control = f"{where['control']}/_mock/v1/sandboxes"
        endless = {"rate": 1e6, "burst": 1e6}
        wanted = {
            "id": "year",
            "clock": {"mode": "frozen", "start": f"{NEWS}T20:00:00Z"},
            "choices": {"report.seconds": "0"},
            "quotas": dict.fromkeys(ASKED, endless),
            "profiles": [{"region": "NA", "country": "US", "type": "seller"}],
            "tokenLifetime": 30_000_000,
        }
        made = self._ask("POST", self._control, wanted)
        self._base = where["regions"]["NA"]["ads"]
        client, profile = made["client"], made["profiles"][0]["profileId"]
        form = {
            "grant_type": "refresh_token",
            "refresh_token": client["refreshToken"],
            "client_id": client["clientId"],
            "client_secret": client["clientSecret"],
        }
        base = where["regions"]["NA"]["lwa"]
        token = requests.post(f"{base}/auth/o2/token", data=form, timeout=30).json()
        self.headers = {
            "Authorization": f"Bearer {token['access_token']}",
            "Amazon-Advertising-API-ClientId": client["clientId"],
            "Amazon-Advertising-API-Scope": profile,
        }
        url = f"{self._control}/year/state"
        for begin in range(0, campaigns, 1_000):
            rows = tree(range(begin, min(campaigns, begin + 1_000)))
            self._ask("PATCH", url, {"profiles": {profile: rows}})

    def _ask(self, method: str, url: str, body: Any, **headers: str) -> Any:
        answer = requests.request(method, url, json=body, headers=headers, timeout=300)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def report(self, today: date) -> int:
        """Fetch the report of the days before ``today`` and return its size."""
        asked = {
            "startDate": str(today - timedelta(days=DAYS)),
            "endDate": str(today - timedelta(days=1)),
            "configuration": {
                "adProduct": "SPONSORED_PRODUCTS",
                "groupBy": ["campaign"],
                "columns": COLUMNS,
                "reportTypeId": "spCampaigns",
                "timeUnit": "DAILY",
                "format": "GZIP_JSON",
            },
        }
        url = f"{self._base}/reporting/reports"
        seen = self._ask("POST", url, asked, **self.headers)
        while seen["status"] != "COMPLETED":
            threading.Event().wait(0.05)
            seen = self._ask("GET", f"{url}/{seen['reportId']}", None, **self.headers)
        return len(requests.get(seen["url"], timeout=60).content)

    def month(self) -> None:
        """Let a month pass."""
        self._ask("POST", f"{self._control}/year/clock/advance", {"seconds": 30 * 86_400})

    def look(self, session: requests.Session) -> float:
        """Return the seconds that a list of one campaign takes."""
        begun = monotonic()
        media = {"Content-Type": MEDIA, "Accept": MEDIA}
        answer = session.post(
            f"{self._base}/sp/campaigns/list",
            json={"maxResults": 1},
            headers=self.headers | media,
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        return monotonic() - begun

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, name: str = "VmRSS") -> float:
        """Return a figure of the server's memory in megabytes."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith(name))) / 1024


def tree(numbers: range) -> dict[str, list[dict[str, Any]]]:
    """Return live campaigns, each with an ad group, an ad and two keywords."""
    rows: dict[str, list[dict[str, Any]]] = {
        f"sp.{name}": [] for name in ("campaigns", "adGroups", "productAds", "keywords")
    }
    for number in numbers:
        campaign, group = str(10**14 + number), str(2 * 10**14 + number)
        own = {"campaignId": campaign, "state": "ENABLED"}
        under = own | {"adGroupId": group}
        rows["sp.campaigns"].append(
            own
            | {
                "name": f"Campaign {number}",
                "targetingType": "MANUAL",
                "startDate": "2025-01-01",
                "budget": {"budgetType": "DAILY", "budget": 50.0},
            }
        )
        rows["sp.adGroups"].append(under | {"name": "g", "defaultBid": 0.9})
        rows["sp.productAds"].append(under | {"sku": f"S-{number}"})
        rows["sp.keywords"] += [
            under | {"keywordText": "shoe", "matchType": match} for match in ("EXACT", "BROAD")
        ]
    return rows


def measure(campaigns: int = CAMPAIGNS, months: int = MONTHS) -> Cost:
    """Return what a year of reports costs on a server of its own."""
    with _process([*SERVE, "--journal", "lean"]) as (line, _):
        mock = MockProcess(json.loads(line), campaigns)
        with requests.Session() as session:
            idle = [mock.look(session) for _ in range(200)]
        before, busy, ended = mock.memory(), [], threading.Event()

        def others() -> None:
            with requests.Session() as session:
                while not ended.wait(0.01):
                    busy.append(mock.look(session))

        thread = threading.Thread(target=others)
        thread.start()
        begun, cpu, size = monotonic(), mock.cpu_seconds(), 0
        for number in range(months):
            size += mock.report(NEWS + timedelta(days=30 * number))
            mock.month()
        took, cpu = monotonic() - begun, mock.cpu_seconds() - cpu
        ended.set()
        thread.join()
        peak = mock.memory("VmHWM")
        return Cost(took, cpu, size, before, peak, _p99(idle), _p99(busy))


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98]


def lines(campaigns: int = CAMPAIGNS, months: int = MONTHS) -> list[str]:
    """Return the figures as lines."""
    cost = measure(campaigns, months)
    rows = campaigns * DAYS * months
    return [
        f"report of a year       {cost.seconds:>7.1f} s for {months} reports, {rows:,} rows",
        f"  processor            {cost.cpu:>7.1f} s",
        f"  its files            {cost.size / 1e6:>7.1f} MB",
        f"  memory               {cost.peak:>7.0f} MB at the peak, {cost.before:.0f} MB before",
        f"  p99 of other calls   {cost.busy * 1e3:>7.1f} ms, {cost.idle * 1e3:.1f} ms before",
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(*map(int, sys.argv[1:]))) + "\n")
