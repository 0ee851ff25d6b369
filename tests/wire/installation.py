"""A mock of several shards as a process of its own, and clients of its sandboxes."""

import base64
import json
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from threading import Event
from urllib.parse import urlencode

import requests

from adsmock.mockserver.control.client import Control, Refused

SERVE = [sys.executable, "-m", "adsmock.mockserver", "serve", "--port", "0", "--announce", "json"]
MEDIA = "application/vnd.spCampaign.v3+json"


@contextmanager
def serving(*options, shards=2):
    """Yield the announcement of an installation, and end it."""
    words = [*SERVE, "--shards", str(shards), *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(300)


class Client:
    """One sandbox and its calls through the balancer."""

    def __init__(self, where, row, session=None):
        self.where = where
        self.row = row
        self.id = row["id"]
        self.session = session or requests.Session()
        self.profiles = {each["profileId"]: each["region"] for each in row["profiles"]}
        self.token = None

    @property
    def form(self):
        client = self.row["client"]
        return {
            "grant_type": "refresh_token",
            "refresh_token": client["refreshToken"],
            "client_id": client["clientId"],
            "client_secret": client["clientSecret"],
        }

    def authorize(self, kind="form", region="NA"):
        """Get an access token with the credentials in a form, in JSON or in a header."""
        url = f"{self.where['regions'][region]['lwa']}/auth/o2/token"
        form = self.form
        if kind == "json":
            answer = self.session.post(url, json=form, timeout=60)
        elif kind == "basic":
            pair = f"{form.pop('client_id')}:{form.pop('client_secret')}"
            header = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
            answer = self.session.post(url, data=form, headers=header, timeout=60)
        else:
            answer = self.session.post(url, data=urlencode(form), headers=FORM, timeout=60)
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]

    @property
    def headers(self):
        return {
            "Authorization": f"Bearer {self.token}",
            "Amazon-Advertising-API-ClientId": self.row["client"]["clientId"],
        }

    def get(self, base, path, **headers):
        return self.session.get(base + path, headers=self.headers | headers, timeout=60)

    def profile_ids(self, base, **headers):
        """Return the profiles that the mock shows to this client."""
        answer = self.get(base, "/v2/profiles", **headers)
        assert answer.status_code == 200, answer.text
        return {str(row["profileId"]) for row in answer.json()}

    def create(self, name, region="NA"):
        """Create a campaign and return its id."""
        profile = next(each for each, where in self.profiles.items() if where == region)
        body = {"campaigns": [CAMPAIGN | {"name": name}]}
        headers = {"Amazon-Advertising-API-Scope": profile, "Content-Type": MEDIA, "Accept": MEDIA}
        url = f"{self.where['regions'][region]['ads']}/sp/campaigns"
        headers |= self.headers
        answer = self.session.post(url, data=json.dumps(body), headers=headers, timeout=60)
        assert answer.status_code == 207, answer.text
        return answer.json()["campaigns"]["success"][0]["campaignId"]


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CAMPAIGN = {
    "targetingType": "MANUAL",
    "state": "ENABLED",
    "startDate": "2031-01-01",
    "budget": {"budgetType": "DAILY", "budget": 1000.0},
}
ENDLESS = {"rate": 1_000_000, "burst": 1_000_000}
QUOTAS = dict.fromkeys(("lwa", "sp.read", "sp.write", "account"), ENDLESS)


def control_of(where):
    return Control(where["control"], where.get("controlToken"))


def create(where, **request):
    """Return a client of a new sandbox with quotas that never end."""
    control = control_of(where)
    known = control.call("throttle.get")["quotas"]
    request.setdefault("quotas", dict.fromkeys(known, ENDLESS))
    return Client(where, control.call("sandboxes.create", request))


def total(where, name):
    """Return the sum of a metric over all shards."""
    text = control_of(where).call("service.metrics")
    rows = [line for line in text.splitlines() if line.startswith(name + "{")]
    assert rows, name
    return sum(float(line.rpartition(" ")[2]) for line in rows)


def patiently(ask, seconds=300):
    """Return the first true answer; an answer that fails counts as false."""
    for _ in range(seconds * 10):
        with suppress(Refused, requests.RequestException, OSError):
            if found := ask():
                return found
        Event().wait(0.1)
    raise AssertionError("nothing happened")
