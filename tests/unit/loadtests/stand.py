"""A fleet without a network: a clock moved by hand, no chance, a hand that says what it is told."""

from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.roles import Written
from adsmock.loadtests.work_queue import Target

BASE = "http://127.0.0.1:1"
TARGETS = (
    Target("1", "NA", "US", ("k0", "k1", "k2"), 0.02),
    Target("2", "EU", "UK", ("k3", "k4", "k5"), 0.02),
)


class HandClock:
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


class ToldHand:
    """Answers every write with the same fate, every read and fetch with the same word.

    ``fates`` are those of single resources; what is created gets ids that tell its resource.
    """

    def __init__(self, fate="done", came=True, **fates):
        self.fate, self.came, self.fates = fate, came, fates
        self.begun = 0
        self.written = []

    def begin(self):
        self.begun += 1

    def write(self, verb, resource, target, items):
        self.written.append((verb, resource, target.profile_id, list(items)))
        fate = self.fates.get(resource.partition(".")[2], self.fate)
        names = (f"{resource} {len(self.written)}.{place}" for place in range(len(items)))
        return [Written(fate, name if fate == "done" else "") for name in names]

    def read(self, _resource, _target):
        return self.came

    def fetch(self, _wish, _desk):
        return self.came


def plan(**changes):
    members = {
        "user": "well-behaved",
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
