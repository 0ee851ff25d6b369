"""An adapter that stays below the quotas: it sends calls in turn, and full batches.

It is the integration of examples/python with a pace for each quota: the rate grows with every
accepted call, and falls after a refusal. Exports and reports are not supported.
"""

import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from adsmock.harness.adapters import Result

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

from adapter import CHILDREN, Sync

THROTTLED = 429
FIRST, LOWEST, HIGHEST = 2.0, 0.3, 20.0
STEP, DECREASE = 0.3, 0.6
"""Calls per second: what is added after an accepted call, and the factor after a refusal."""

now, wait = time.monotonic, time.sleep  # noqa: TID251 -- a program of its own


class Pace:
    """The pace of one quota in one region, which all threads share."""

    def __init__(self):
        self.rate, self.free_at, self.lock = FIRST, 0.0, threading.Lock()

    def take_turn(self):
        """Wait for the next free slot and use it."""
        with self.lock:
            slot = max(now(), self.free_at)
            self.free_at = slot + 1.0 / self.rate
        wait(max(0.0, slot - now()))

    def learn(self, reply):
        """Adapt the rate to a reply; nobody calls before the stated wait is over."""
        with self.lock:
            if reply.status_code == THROTTLED:
                self.rate = max(LOWEST, self.rate * DECREASE)
                asked = reply.headers.get("Retry-After", "")
                pause = float(asked) if asked.isdigit() else 1.0
                self.free_at = max(self.free_at, now() + pause)
            elif reply.ok:
                self.rate = min(HIGHEST, self.rate + STEP / self.rate)


class PacedSession(requests.Session):
    """Sends each call in the turn of its quota: reads and writes of a region have their own."""

    def __init__(self):
        super().__init__()
        self.paces = {}

    def request(self, method, url, **options):
        place = urlsplit(url)
        kind = "read" if method == "GET" or place.path.endswith("/list") else "write"
        pace = self.paces.setdefault((place.netloc, kind), Pace())
        pace.take_turn()
        reply = super().request(method, url, **options)
        pace.learn(reply)
        return reply


class Paced(Sync):
    """The API with the credentials of the event."""

    def __init__(self, connection):
        super().__init__(connection)
        self.http = PacedSession()
        self.renewal = threading.Lock()

    def token(self, region):
        with self.renewal:  # one token for all threads
            return super().token(region)

    def create_tree(self, args):
        """Create one level of all campaigns in one call, then the next."""
        profile, campaigns = args["profile"], args["campaigns"]
        made, _ = self.write("POST", "sp.campaigns", profile, [_own(one) for one in campaigns])
        groups = [
            _own(group) | {"campaignId": made[place]} | {"wanted": group}
            for place, campaign in enumerate(campaigns)
            if place in made
            for group in campaign.get("adGroups", [])
        ]
        plain = [_own(group) for group in groups]
        group_ids, _ = self.write("POST", "sp.adGroups", profile, plain) if plain else ({}, {})
        done = len(made) + len(group_ids)
        for child in CHILDREN:
            leaves = [
                leaf | {"campaignId": groups[place]["campaignId"], "adGroupId": group_id}
                for place, group_id in group_ids.items()
                for leaf in groups[place]["wanted"].get(child, [])
            ]
            if leaves:
                grown, _ = self.write("POST", f"sp.{child}", profile, leaves)
                done += len(grown)
        return Result(done, _size(campaigns) - done)


def _own(entity):
    """Return an entity without the ones inside it."""
    return {
        name: value
        for name, value in entity.items()
        if name not in {*CHILDREN, "adGroups", "wanted"}
    }


def _size(campaigns):
    """Return the number of entities in trees."""
    groups = [group for one in campaigns for group in one.get("adGroups", [])]
    leaves = sum(len(group.get(child, [])) for group in groups for child in CHILDREN)
    return len(campaigns) + len(groups) + leaves


if __name__ == "__main__":
    Paced.run()
