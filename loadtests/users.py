"""Two ways to meet a peak event: as a careful integration, and as one that never heard of limits.

Both have the same work: changes arrive at profiles whether or not anyone keeps up. Knows what
each does in a turn. Must not know shapes, thresholds or how the mock is started.
"""

from __future__ import annotations

from typing import Any, ClassVar

from locust import FastHttpUser, constant_throughput, task

from contracts.loader import load
from loadtests.desk import Desk
from loadtests.fleet import Fleet
from loadtests.pace import Pace, seconds_of
from loadtests.wire import OK, Answer, Wire

TURNS_A_SECOND = 1.0

CHANGES_A_TURN = 2.0
"""Bid changes that each user's share of the business brings with every turn."""

LARGEST_BATCH = 500
LARGE_PAGE = 1000
SMALL_PAGE = 10

TURNS_BETWEEN_LISTS = 10
FIRST_POLL_TURNS = 1
LONGEST_POLL_TURNS = 8

HOT_POLLS = 5
MOST_SINGLE_WRITES = 10
MOST_SMALL_PAGES = 5
"""What a careless user does at most in one turn, so that a run's load is bounded."""

WRITE = "sp.keywords.update"
LIST = "sp.campaigns.list"
EXPORT = "exports.campaigns.create"
POLL = "exports.get"
UNAUTHORIZED = 401

NOTHING = Answer(0, {})
"""The answer to a call that was not made."""


class Worker(FastHttpUser):  # type: ignore[misc]  # Locust is not checked for types here
    """What both have in common: a profile, a schedule and the arriving work."""

    abstract = True
    wait_time = constant_throughput(TURNS_A_SECOND)
    fleet: ClassVar[Fleet]
    """Set by the locustfile before any user starts."""

    def on_start(self) -> None:
        """Take a place in the fleet."""
        self.number = self.fleet.join()
        self.desk: Desk = self.fleet.desks[self.number % len(self.fleet.desks)]
        self.region = self.desk.target.region
        self.wire = Wire(self.client, self.fleet.plan.credentials, self.fleet.tally)
        self.began = self.fleet.clock.now()
        self.turns = 0
        self.token = ""
        self.export = ""

    @task  # type: ignore[untyped-decorator]  # Locust is not checked for types here
    def turn(self) -> None:
        """Book what has arrived, then work."""
        due = self.began + self.turns / TURNS_A_SECOND
        self.fleet.tally.turned(max(0.0, self.fleet.clock.now() - due))
        self.turns += 1
        self.desk.arrive(CHANGES_A_TURN)
        self.work()

    def work(self) -> None:
        """Do one turn's work."""
        raise NotImplementedError

    def grant(self, region: str) -> tuple[str, float]:
        """Fetch a token in ``region``."""
        return self.wire.token(self.fleet.plan.regions[region]["lwa"])

    def ask(
        self, operation: str, token: str, body: Any = None, desk: Desk | None = None, **ids: str
    ) -> Answer:
        """Send one call for the profile of ``desk``, or of this user's own."""
        base = self.fleet.plan.regions[self.region]["ads"]
        profile_id = (desk or self.desk).target.profile_id
        return self.wire.call(operation, base, token, profile_id, body, **ids)


class Integration(Worker):
    """Shares its token, batches its writes, spaces its polls, and goes as fast as it may."""

    def on_start(self) -> None:
        """Take a place; one worker for each profile also follows an export."""
        super().on_start()
        self.exports = self.number < len(self.fleet.desks)
        self.poll_turns = FIRST_POLL_TURNS
        self.next_poll = self.number

    def work(self) -> None:
        """Write what waits in one batch, now and then list everything, follow the export."""
        self.write()
        if self.turns % TURNS_BETWEEN_LISTS == 1:
            self.list_all()
        if self.exports and self.turns >= self.next_poll:
            self.follow_export()

    def write(self) -> None:
        """Write all that waits at the region's fullest desk, unless another worker is about to.

        The longest queue, not the worker's own: a worker that always comes second to the lane
        would leave its profile behind for good.
        """
        if not self.desk.waiting:
            return
        with self.fleet.slot(self.region, load().operations[WRITE].quota) as pace:
            if pace is None:
                return
            desk = self.fleet.fullest(self.region)
            batch = desk.take(LARGEST_BATCH)
            items = [desk.item(one) for one in batch]
            answer = self.paced(pace, WRITE, {"keywords": items}, desk) if items else NOTHING
            if "keywords" in answer.body:
                desk.settle(batch, answer.body["keywords"])
            else:
                desk.put_back(batch)

    def list_all(self) -> None:
        """Read every campaign in the largest pages."""
        token = ""
        while True:
            body = {"maxResults": LARGE_PAGE} | ({"nextToken": token} if token else {})
            answer = self.lane(LIST, body)
            token = answer.body.get("nextToken", "") if answer else ""
            if not token:
                return

    def follow_export(self) -> None:
        """Order the export, poll it at growing distances, fetch its file, order the next."""
        if not self.export:
            answer = self.lane(EXPORT, {"adProductFilter": ["SPONSORED_PRODUCTS"]})
            self.export = answer.body.get("exportId", "") if answer else ""
            self.poll_turns = FIRST_POLL_TURNS
        else:
            answer = self.lane(POLL, exportId=self.export)
            self.poll_turns = min(LONGEST_POLL_TURNS, self.poll_turns * 2)
            if answer and answer.body.get("url"):
                fetched = self.wire.download(answer.body["url"])
                self.fleet.tally.downloads += fetched.status == OK
                self.export = ""
                self.poll_turns = LONGEST_POLL_TURNS
        self.next_poll = self.turns + self.poll_turns

    def lane(self, operation: str, body: Any = None, **ids: str) -> Answer | None:
        """Call when the lane lets this worker; nothing when it does not."""
        with self.fleet.slot(self.region, load().operations[operation].quota) as pace:
            return self.paced(pace, operation, body, None, **ids) if pace else None

    def paced(
        self, pace: Pace, operation: str, body: Any = None, desk: Desk | None = None, **ids: str
    ) -> Answer:
        """Call with the shared token and tell the pace how it went."""
        answer = self.ask(operation, self.fleet.token(self.region, self.grant), body, desk, **ids)
        if answer.is_throttled:
            stated = seconds_of(answer.retry_after)
            pace.throttled(self.fleet.clock.now(), stated, self.fleet.draw.fraction())
        elif answer.status == UNAUTHORIZED:
            self.fleet.forget_token(self.region)
        elif answer.is_accepted:
            pace.accepted()
        return answer


class Careless(Worker):
    """Asks for a token each turn, writes one by one, lists in crumbs, polls without a pause."""

    def work(self) -> None:
        """Do everything at once, whatever the service says."""
        granted, _lifetime = self.grant(self.region)
        self.token = granted or self.token
        for change in self.desk.take(MOST_SINGLE_WRITES) if self.token else ():
            self.write_one(change, self.token)
        if self.token:
            self.list_in_crumbs(self.token)
            self.poll_hot(self.token)

    def write_one(self, change: int, token: str) -> None:
        """Write one change; on a refusal try again at once, then leave it to the next turn."""
        for _again in range(2):
            answer = self.ask(WRITE, token, {"keywords": [self.desk.item(change)]})
            if "keywords" in answer.body:
                self.desk.settle([change], answer.body["keywords"])
                return
        self.desk.put_back([change])

    def list_in_crumbs(self, token: str) -> None:
        """Read campaigns ten at a time."""
        body: dict[str, Any] = {"maxResults": SMALL_PAGE}
        for _page in range(MOST_SMALL_PAGES):
            answer = self.ask(LIST, token, body)
            if not answer.body.get("nextToken"):
                return
            body["nextToken"] = answer.body["nextToken"]

    def poll_hot(self, token: str) -> None:
        """Order an export and ask for it again and again."""
        if not self.export:
            answer = self.ask(EXPORT, token, {"adProductFilter": ["SPONSORED_PRODUCTS"]})
            self.export = answer.body.get("exportId", "")
        for _poll in range(HOT_POLLS if self.export else 0):
            answer = self.ask(POLL, token, exportId=self.export)
            if answer.body.get("status") == "COMPLETED":
                self.export = ""
                return
