"""A small service in place of the network, and a client that uses it.

It keeps campaigns and ad groups by name, cuts lists into pages, runs one export, and answers what a
test has planned before anything else. It notes each request with the time of its arrival.
"""

import gzip
import json
from dataclasses import dataclass, field
from itertools import count

from adsmock.harness.client import AdsClient, RemoteClock, Reply, SeededRandom, Settings
from adsmock.harness.client.errors import TransportError

START = 1_780_000_000.0
NA, EU = "111", "222"
TASK = {
    "case": "unit",
    "seed": 1,
    "tasks": [],
    "regions": {
        "NA": {"ads": "http://na.test", "lwa": "http://lwa-na.test"},
        "EU": {"ads": "http://eu.test/eu", "lwa": "http://lwa-eu.test"},
    },
    "profiles": [
        {"profileId": NA, "region": "NA", "countryCode": "US"},
        {"profileId": EU, "region": "EU", "countryCode": "DE"},
    ],
    "credentials": {"clientId": "client", "clientSecret": "hush", "refreshToken": "refresh"},
}


def json_reply(status, body, headers=None):
    return Reply(status, headers or {}, json.dumps(body).encode())


def throttled(seconds=None):
    headers = {} if seconds is None else {"retry-after": str(seconds)}
    return json_reply(429, {"code": "THROTTLED", "message": "Too Many Requests"}, headers)


def failure(index, kind="throttledError"):
    return {"index": index, "errors": [{"errorType": kind, "errorValue": {kind: {"reason": "R"}}}]}


@dataclass(frozen=True)
class Sent:
    method: str
    url: str
    headers: dict
    body: object
    at: float


class Service:
    """A transport. ``plans`` maps the end of a URL to replies (or errors) to give first.

    A plan that is callable is called with the real answer's maker, so it can carry out the work
    and lose the answer.
    """

    def __init__(self, clock):
        self._clock = clock
        self.sent = []
        self.plans = {}
        self.stored = {"campaigns": {}, "adGroups": {}}
        self.grants = 0
        self.lifetime = 3600
        self.statuses = ["IN_PROGRESS", "COMPLETED"]
        self.records = [{"campaignId": "1"}]
        self.addresses = count(1)
        self._ids = count(1000)

    def send(self, request):
        body = request.body
        if body and "json" in request.headers.get("Content-Type", ""):
            body = json.loads(body)
        sent = Sent(request.method, request.url, dict(request.headers), body, self._clock.now())
        self.sent.append(sent)
        for end, plan in self.plans.items():
            if request.url.endswith(end) and plan:
                step = plan.pop(0)
                answer = step(lambda: self._answer(sent)) if callable(step) else step
                if isinstance(answer, Exception):
                    raise answer
                return answer
        return self._answer(sent)

    def to(self, end):
        return [sent for sent in self.sent if sent.url.endswith(end)]

    def _answer(self, sent):
        path = sent.url.split(".test", 1)[1].removeprefix("/eu")
        if path == "/auth/o2/token":
            self.grants += 1
            grant = {"access_token": f"token-{self.grants}", "expires_in": self.lifetime}
            return json_reply(200, grant)
        if path.startswith("/file"):
            return Reply(200, {}, gzip.compress(json.dumps(self.records).encode()))
        if path == "/v2/profiles":
            return json_reply(200, [{"profileId": 333}])
        if path.endswith("/export"):
            return json_reply(202, {"exportId": "e,1", "status": "IN_PROGRESS"})
        if path.startswith("/exports/"):
            return self._export()
        resource = path.split("/")[2]
        return self._list(resource, sent) if path.endswith("/list") else self._write(resource, sent)

    def _export(self):
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        job = {"exportId": "e,1", "status": status}
        if status == "COMPLETED":
            job["url"] = f"http://storage.test/file/{next(self.addresses)}"
        return json_reply(200, job)

    def _list(self, resource, sent):
        names = sent.body.get("nameFilter", {}).get("include")
        found = [
            row for row in self.stored[resource].values() if names is None or row["name"] in names
        ]
        size, start = sent.body["maxResults"], int(sent.body.get("nextToken", 0))
        page = {resource: found[start : start + size], "totalResults": len(found)}
        if start + size < len(found):
            page["nextToken"] = str(start + size)
        return json_reply(200, page)

    def _write(self, resource, sent):
        success, error = [], []
        id_field = {"campaigns": "campaignId", "adGroups": "adGroupId"}[resource]
        for index, item in enumerate(sent.body[resource]):
            key = (item.get("campaignId"), item["name"])
            if key in self.stored[resource]:
                error.append(failure(index, "duplicateValueError"))
                continue
            self.stored[resource][key] = {**item, id_field: str(next(self._ids))}
            success.append({"index": index, id_field: self.stored[resource][key][id_field]})
        return json_reply(207, {resource: {"success": success, "error": error}})


@dataclass
class ClientFixture:
    """A clock that only sleeping moves, a service, and a client between them."""

    factory: type = AdsClient
    task: dict = field(default_factory=lambda: TASK)
    seed: int = 1

    def __post_init__(self):
        self.clock = RemoteClock(START, lambda seconds: self.clock.now() + seconds)
        self.service = Service(self.clock)
        self.client = self.factory(
            Settings.from_task(self.task),
            clock=self.clock,
            sleeper=self.clock,
            random_source=SeededRandom(self.seed),
            transport=self.service,
        )

    def plan(self, end, *steps):
        self.service.plans[end] = list(steps)


def lose_answer(kind="reset"):
    """A step that carries the work out and then breaks the connection."""

    def step(answer):
        answer()
        return TransportError(kind, "after the work was done")

    return step


def campaigns(*names):
    return [{"name": name, "state": "ENABLED"} for name in names]


def fill(service, number):
    for place in range(number):
        row = {"name": f"c{place}", "campaignId": str(place)}
        service.stored["campaigns"][None, row["name"]] = row


def partly(**kinds):
    """A step that does the work for all items but those named, which fail with a kind each."""

    def step(fixture):
        def answer_with(_):
            body = fixture.service.sent[-1].body["campaigns"]
            lucky = [item for item in body if item["name"] not in kinds]
            fixture.service.sent[-1].body["campaigns"] = lucky
            done = fixture.service._write("campaigns", fixture.service.sent[-1]).json["campaigns"]
            fixture.service.sent[-1].body["campaigns"] = body
            places = [place for place, item in enumerate(body) if item["name"] not in kinds]
            success = [{**row, "index": places[row["index"]]} for row in done["success"]]
            error = [
                failure(place, kinds[item["name"]])
                for place, item in enumerate(body)
                if item["name"] in kinds
            ]
            reply = {"success": success[::-1], "error": error[::-1]}
            return json_reply(207, {"campaigns": reply})

        return answer_with

    return step
