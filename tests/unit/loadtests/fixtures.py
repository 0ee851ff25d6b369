"""Shared state without a network: a manual clock, no randomness, a caller with fixed results."""

from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.roles import Caller, WriteResult
from adsmock.loadtests.work_queue import Target

BASE = "http://127.0.0.1:1"
TARGETS = (
    Target("1", "NA", "US", ("k0", "k1", "k2"), 0.02),
    Target("2", "EU", "UK", ("k3", "k4", "k5"), 0.02),
)


class ManualClock:
    def __init__(self):
        self.at = 1000.0
        self.slept = []

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += seconds


class NoChance:
    def fraction(self):
        return 0.0


class FixedCaller(Caller):
    """Returns fixed results for writes, reads and fetches.

    ``results`` overrides single resources. Created entities get ids with their resource.
    """

    def __init__(self, result="done", came=True, **results):
        self.result, self.came, self.results = result, came, results
        self.turns = 0
        self.written = []

    def start_turn(self):
        self.turns += 1

    def write(self, verb, resource, target, items):
        self.written.append((verb, resource, target.profile_id, list(items)))
        result = self.results.get(resource.partition(".")[2], self.result)
        names = (f"{resource} {len(self.written)}.{place}" for place in range(len(items)))
        return [WriteResult(result, name if result == "done" else "") for name in names]

    def read(self, _resource, _target):
        return self.came

    def fetch(self, _request, _queue):
        return self.came


def plan(**changes):
    members = {
        "behavior": "well-behaved",
        "shape": "steady",
        "duration": 100.0,
        "users": 30,
        "seed": 1,
        "regions": {region: {"ads": BASE, "lwa": BASE} for region in ("NA", "EU")},
        "credentials": {"clientId": "client", "clientSecret": "secret", "refreshToken": "refresh"},
        "targets": TARGETS,
        "result": "result.json",
    }
    return RehearsalPlan(**members | changes)
