"""The inbox of Marketing Stream: messages a second for one consumer and for ten, and memory.

A busy account on a frozen clock: each advance makes a day of hourly deltas due, and the fault
``stream-burst`` divides each into ten messages, as on a peak day. Consumers receive ten messages
and delete them, in closed loops on connections of their own. One and ten take turns, so whatever
else the machine does meets both. The clients share the machine with the mock.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httptools
import requests

from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.servers import new_loop
from tests.bench import server
from tests.bench.aim import Aim

MESSAGES = 1_000_000
CONSUMERS = (1, 10)
TURNS = 20
"""Turns that all messages are divided into, half of them for each number of consumers."""
GROWN = 128.0
"""Megabytes by which the mock may grow while the messages pass: its journal and a full queue. All
messages at once would take a gigabyte."""
CAMPAIGNS, GROUPS, KEYWORDS = 20, 4, 5
DAY = 86_400
QUEUE = "inbox"
ARN = f"arn:aws:sqs:us-east-1:111122223333:{QUEUE}"


class Call(asyncio.Protocol):
    """One connection to SQS: a call at a time, its reply awaited."""

    def __init__(self, key_id: str) -> None:
        self._head = (
            "POST /_aws/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\n"
            f"Authorization: AWS4-HMAC-SHA256 Credential={key_id}/20260701/us-east-1/sqs/"
            "aws4_request, SignedHeaders=host, Signature=0\r\n"
        )
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, data: bytes) -> None:
        self._body += data

    def on_message_complete(self) -> None:
        self._waiting.set_result(self._parser.get_status_code())

    def connection_lost(self, exc: Exception | None) -> None:
        waiting = getattr(self, "_waiting", None)
        if waiting is not None and not waiting.done():
            waiting.set_exception(exc or ConnectionResetError("closed amid a call"))

    async def ask(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the reply of an action."""
        content = json.dumps({"QueueUrl": f"http://x/111122223333/{QUEUE}", **body}).encode()
        self._body.clear()
        self._waiting = asyncio.get_running_loop().create_future()
        head = f"{self._head}X-Amz-Target: AmazonSQS.{action}\r\nContent-Length: {len(content)}\r\n"
        self._transport.write(head.encode() + b"\r\n" + content)
        status = await self._waiting
        assert status == 200, (status, bytes(self._body))
        found: dict[str, Any] = json.loads(self._body or b"{}")
        return found


@dataclass
class Course:
    """How the messages passed: seconds and messages by number of consumers, megabytes."""

    seconds: dict[int, float] = field(default_factory=dict)
    passed: dict[int, int] = field(default_factory=dict)
    before: float = 0.0
    most: float = 0.0

    @property
    def messages(self) -> int:
        return sum(self.passed.values())

    @property
    def grown(self) -> float:
        return self.most - self.before

    def rate(self, consumers: int) -> float:
        return self.passed[consumers] / self.seconds[consumers]


class Inbox:
    """A mock with a busy account, whose messages are consumed as they become due."""

    def __init__(self, target: server.Target) -> None:
        self._target = target
        self._control = target.reset_url.removesuffix("/reset")
        self._key_id = target.headers["Amazon-Advertising-API-ClientId"]

    def prepare(self) -> None:
        """Add the entities, subscribe, confirm, and plan the bursts of a peak day."""
        self._send("PUT", "/clock", {"mode": "frozen"})
        profile = self._target.profiles[0]
        self._send("PATCH", "/state", {"profiles": {profile: _entities()}})
        reply = requests.post(
            f"http://127.0.0.1:{self._target.port}/streams/subscriptions",
            json={
                "clientRequestToken": "inbox-benchmark-of-messages",
                "dataSetId": "sp-traffic",
                "destinationArn": ARN,
            },
            headers=self._target.headers
            | {"Amazon-Advertising-API-Scope": profile, "Content-Type": "application/json"}
            | {"Accept": "*/*"},
            timeout=60,
        )
        assert reply.ok, reply.text
        self._send("POST", "/clock/advance", {"seconds": 10})
        found = self._send("GET", "/stream/subscriptions", None)["subscriptions"]
        self._send("POST", f"/stream/subscriptions/{found[0]['subscriptionId']}/confirm", {})
        burst = {
            "id": "peak",
            "match": {"operation": ["delivery.*-traffic"]},
            "effect": {"kind": "stream-burst"},
        }
        self._send("POST", "/faults", burst)

    def advance(self) -> None:
        """Let a day pass."""
        self._send("POST", "/clock/advance", {"seconds": DAY})

    def _send(self, method: str, path: str, body: Any) -> Any:
        reply = requests.request(method, self._control + path, json=body, timeout=600)
        assert reply.ok, f"{method} {path}: {reply.text}"
        return reply.json() if reply.content else None

    async def run(self, messages: int) -> Course:
        """Return the course of so many messages."""
        loop = asyncio.get_running_loop()
        course = Course(before=self._target.memory())
        for turn in range(TURNS):
            consumers = CONSUMERS[turn % len(CONSUMERS)]
            made = [
                await loop.create_connection(lambda: Call(self._key_id), "127.0.0.1", self._port)
                for _ in range(consumers)
            ]
            await self._turn(course, [call for _, call in made], messages // TURNS)
            for transport, _ in made:
                transport.close()
        return course

    @property
    def _port(self) -> int:
        return self._target.port

    async def _turn(self, course: Course, callers: list[Call], messages: int) -> None:
        """Let consumers take so many messages; the time of advances does not count."""
        left, took, consumers = messages, 0.0, len(callers)
        while left > 0:
            begun = monotonic()
            found = await asyncio.gather(*(_consume(each, left // consumers) for each in callers))
            took += monotonic() - begun
            course.most = max(course.most, self._target.memory())
            left -= sum(found)
            if left > 0 and sum(found) < left:
                await asyncio.get_running_loop().run_in_executor(None, self.advance)
        course.seconds[consumers] = course.seconds.get(consumers, 0.0) + took
        course.passed[consumers] = course.passed.get(consumers, 0) + messages - left


async def _consume(caller: Call, most: int) -> int:
    """Receive and delete messages until there are none, and return how many."""
    count = 0
    while count <= most:
        found = (await caller.ask("ReceiveMessage", {"MaxNumberOfMessages": 10})).get("Messages")
        if not found:
            break
        entries = [
            {"Id": str(place), "ReceiptHandle": each["ReceiptHandle"]}
            for place, each in enumerate(found)
        ]
        reply = await caller.ask("DeleteMessageBatch", {"Entries": entries})
        count += len(reply["Successful"])
    return count


def _entities() -> dict[str, list[dict[str, Any]]]:
    """Return a busy account: no budget limits it."""
    found: dict[str, list[dict[str, Any]]] = {}

    def put(resource: str, **row: Any) -> None:
        found.setdefault(f"sp.{resource}", []).append({"state": "ENABLED", **row})

    for campaign in range(CAMPAIGNS):
        own = {"campaignId": str(1_000 + campaign)}
        budget = {"budget": 900_000.0, "budgetType": "DAILY"}
        put("campaigns", **own, name=f"Peak {campaign}", budget=budget, targetingType="MANUAL",
            startDate="2026-05-01")  # fmt: skip
        for number in range(GROUPS):
            of_group = own | {"adGroupId": str(10_000 + campaign * GROUPS + number)}
            put("adGroups", **of_group, name=f"g{number}", defaultBid=1.0)
            ad = str(100_000 + campaign * GROUPS + number)
            put("productAds", **of_group, adId=ad, sku=f"S{ad}")
            for place in range(KEYWORDS):
                name = str(1_000_000 + (campaign * GROUPS + number) * KEYWORDS + place)
                put("keywords", **of_group, keywordId=name, keywordText=f"shoe {place}",
                    matchType="EXACT", bid=1.0)  # fmt: skip
    return found


def measure(messages: int = MESSAGES) -> Course:
    """Return the course of so many messages through the inbox of one mock."""
    with server.ours() as target:
        inbox = Inbox(target)
        inbox.prepare()
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(inbox.run(messages))


def lines(course: Course) -> list[str]:
    """Return the figures as lines."""
    rows = [f"{'consumers':<12}{'messages':>10}{'messages/s':>12}"]
    rows += [
        f"{consumers:<12}{course.passed[consumers]:>10,}{course.rate(consumers):>12,.0f}"
        for consumers in CONSUMERS
    ]
    memory = f"memory: {course.before:.0f} MB before, {course.most:.0f} MB at most"
    return [*rows, f"{course.messages:,} messages passed; {memory}"]


def aims(course: Course) -> list[Aim]:
    """Return the target."""
    what = f"memory that {course.messages:,} messages of Marketing Stream add"
    return [Aim(what, course.grown, GROWN, " MB")]
