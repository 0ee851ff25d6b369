"""The replay: recorded requests in order and at their times, with the mock's credentials."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.loader import load
from adsmock.contracts.operation_index import operations
from adsmock.harness.client.clock import Clock
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.transport import Request, Transport
from adsmock.harness.fidelity.comparison import Pair, operation_of
from adsmock.harness.fidelity.difference import Unchecked
from adsmock.harness.fidelity.exchange import SUCCESS, Exchange, bare, parsed
from adsmock.harness.fidelity.replay.marketing_cloud import ACCOUNTS, ROOT, own_account
from adsmock.harness.fidelity.replay.rebuild import Rows, rebuild, recorded_rows
from adsmock.harness.fidelity.twin.side import CLIENT, SCOPE, TOKEN_PATH, Side
from adsmock.harness.suite.control import Plane

SANDBOX = "replay"
UNAUTHORIZED, NOT_FOUND, MULTI_STATUS = 401, 404, 207
_KEPT = ("content-type", "accept", "prefer", "accept-encoding")
_SHORTEST_ID = 6
_UNLIMITED = {"rate": 1_000_000, "burst": 1_000_000}
"""A recording shows when the service throttled; the mock's quotas are not what is compared."""

TOKEN_SECONDS = 3000.0
"""Seconds after which a token is renewed; it lives for 3600."""


@dataclass(slots=True)
class ReplayRun:
    """What a replay brought; ``refused`` are entities that could not be rebuilt."""

    pairs: list[Pair] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    began: float = 0.0


def replay(
    exchanges: Sequence[Exchange], plane: Plane, transport: Transport, clock: Clock
) -> ReplayRun:
    """Build a sandbox from the recorded reads and send the recorded requests to it.

    Its clock is frozen and moves to the recorded times. Without times it begins now.

    Raises:
        PlaneError: the mock refused the sandbox.
    """
    ordered = _by_time(exchanges)
    began = next((each.started for each in ordered if each.started is not None), None)
    found = ReplayRun(began=clock.now() if began is None else began)
    one = _Replay(plane, transport, found)
    one.prepare(ordered)
    for each in ordered:
        one.play(each)
    return found


def _by_time(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return calls by their time; a call without one keeps its place after the call before it."""
    keys: list[float] = []
    for each in exchanges:
        last = keys[-1] if keys else float("-inf")
        keys.append(last if each.started is None else each.started)
    return [each for _, each in sorted(zip(keys, exchanges, strict=True), key=lambda row: row[0])]


class _Replay:
    """One replay in progress."""

    def __init__(self, plane: Plane, transport: Transport, found: ReplayRun) -> None:
        self._plane, self._transport, self._found = plane, transport, found
        self._now = found.began
        self._ids: dict[str, str] = {}
        self._sides: dict[str, tuple[Side, float]] = {}
        self._made: dict[str, Any] = {}

    def now(self) -> float:
        """Return the sandbox's time; the sides' clock."""
        return self._now

    def prepare(self, exchanges: Sequence[Exchange]) -> None:
        """Create the sandbox with the recorded profiles and entities."""
        countries = _countries(exchanges)
        wanted: dict[str, Any] = {
            "id": SANDBOX,
            "clock": {"mode": "frozen", "start": format_utc(self._now)},
            "quotas": dict.fromkeys(load().quotas, _UNLIMITED),
        }
        if countries:
            wanted["profiles"] = [{"country": each} for each in dict.fromkeys(countries.values())]
        self._made = self._plane.create_sandbox(wanted)
        for recorded, country in countries.items():
            row = next(row for row in self._made["profiles"] if row["countryCode"] == country)
            self._ids[recorded] = row["profileId"]
        by_scope: dict[tuple[str, str], list[Exchange]] = {}
        for each in exchanges:
            key = _region(each), each.request_headers.get(SCOPE.lower(), "")
            by_scope.setdefault(key, []).append(each)
        for (region, scope), calls in by_scope.items():
            rows: Rows = recorded_rows(calls)
            if rows:
                self._found.refused += rebuild(
                    self._plane, SANDBOX, self._profile(region, scope), rows
                )

    def play(self, each: Exchange) -> None:
        """Send one recorded request and keep both replies."""
        if each.started is not None and each.started > self._now:
            self._now = self._plane.advance(SANDBOX, each.started - self._now)
        side = self._side(_region(each))
        if each.path == TOKEN_PATH:
            self._found.pairs.append(Pair(each, replace(side.sign_in(), step=each.step)))
            return
        operation = operation_of(each)
        name = operation.id if operation else f"{each.method} {each.path}"
        if operation is None:
            reason = "no contract describes this operation"
            self._found.unchecked.append(Unchecked(each.step, name, reason))
            return
        try:
            mock = self._call(side, each)
        except TransportError as error:
            self._found.unchecked.append(Unchecked(each.step, name, f"no reply: {error}"))
            return
        reason = _incomparable(each, mock)
        if reason:
            self._found.unchecked.append(Unchecked(each.step, name, reason))
            return
        self._learn(each.body, mock.body)
        self._found.pairs.append(Pair(each, mock))

    def _call(self, side: Side, each: Exchange) -> Exchange:
        """Send a recorded request with the mock's ids and credentials."""
        headers = self._headers(side, each) | self._cloud_headers(side, each)
        body = self._known(each.request)
        path = "/".join(self._ids.get(part, part) for part in each.path.split("/"))
        query = [(name, self._ids.get(value, value)) for name, value in each.query]
        raw = body.encode() if isinstance(body, str) else None
        if raw is None and body is not None:
            raw = json.dumps(body, ensure_ascii=False).encode()
        url = side.ads + path + (f"?{urlencode(query)}" if query else "")
        reply = self._transport.send(Request(each.method, url, headers, raw))
        return replace(each, status=reply.status, headers=reply.headers, body=parsed(reply.body))

    def _cloud_headers(self, side: Side, each: Exchange) -> dict[str, str]:
        """Return the headers that a call of Marketing Cloud needs; its ids are known afterwards."""
        operation = operation_of(each)
        if operation is None or not each.path.startswith(ROOT) or each.path == ACCOUNTS:
            return {}
        own = own_account(side, self._transport)
        for recorded, known in own.names(operation.path, each.path, each.request_headers).items():
            self._ids.setdefault(recorded, known)
        return own.headers()

    def _headers(self, side: Side, each: Exchange) -> dict[str, str]:
        """Return the recorded headers, with the mock's credentials.

        A recording may have lost its credentials; only a refused call may have had none.
        """
        operation = operation_of(each)
        client = operation.client_header if operation else CLIENT
        sent = each.request_headers
        found = {name: sent[name] for name in _KEPT if name in sent}
        if operation is not None and each.request is not None:
            found.setdefault("content-type", operation.request or "application/json")
        own = {
            "Authorization": f"Bearer {side.token}",
            client: side.client_id,
            SCOPE: self._profile(_region(each), sent.get(SCOPE.lower(), "")),
        }
        for name, value in own.items():
            needed = each.status != UNAUTHORIZED and not (
                name == SCOPE and operation is not None and not operation.scope
            )
            if name.lower() in sent or needed:
                found[name] = value
        return found

    def _side(self, region: str) -> Side:
        """Return a signed-in side of a region."""
        known = self._sides.get(region)
        if known is None:
            client, urls = self._made["client"], self._made["urls"][region]
            side = Side(
                "mock",
                urls["ads"],
                urls["lwa"],
                client["clientId"],
                client["clientSecret"],
                client["refreshToken"],
                "",
                self._transport,
                self,
            )
            known = side, float("-inf")
        side, signed_in = known
        if self._now - signed_in > TOKEN_SECONDS:
            side.sign_in()
            self._sides[region] = side, self._now
        return side

    def _profile(self, region: str, scope: str) -> str:
        """Return the mock's profile for a recorded one."""
        if scope in self._ids:
            return self._ids[scope]
        rows = [row for row in self._made["profiles"] if row["region"] == region]
        profile = str((rows or self._made["profiles"])[0]["profileId"])
        if scope:
            self._ids[scope] = profile
        return profile

    def _known(self, value: Any) -> Any:
        """Return a recorded body with the mock's ids."""
        if isinstance(value, dict):
            return {key: self._known(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._known(each) for each in value]
        if isinstance(value, str):
            return self._ids.get(value, value)
        if isinstance(value, int) and not isinstance(value, bool) and str(value) in self._ids:
            return int(self._ids[str(value)])
        return value

    def _learn(self, recorded: Any, own: Any, name: str = "") -> None:
        """Remember which id of the mock belongs to which recorded id."""
        if isinstance(recorded, dict) and isinstance(own, dict):
            for key in set(recorded) & set(own):
                self._learn(recorded[key], own[key], key)
        elif isinstance(recorded, list) and isinstance(own, list):
            for one, other in zip(recorded, own, strict=False):
                self._learn(one, other, name)
        elif name.endswith(("Id", "Token")) and None not in {recorded, own}:
            one, other = str(recorded), str(own)
            if len(one) >= _SHORTEST_ID and one != other:
                self._ids.setdefault(one, other)


def _incomparable(each: Exchange, mock: Exchange) -> str:
    """Return why two replies say nothing about fidelity: what the recording did not show."""
    is_done = each.status in SUCCESS
    if is_done and mock.status == NOT_FOUND:
        return "the recording does not show the entity that this call names"
    accepts = bare(each.request_headers.get("accept", ""))
    if is_done and each.body is None and accepts and mock.body is not None:
        return "the reply's body was not recorded"
    if is_done and mock.status == MULTI_STATUS and _only_errors(mock.body):
        return "the recording does not show the entities that this call names"
    return ""


def _only_errors(body: Any) -> bool:
    """Say whether every item of a batch was refused."""
    rows = [body, *body.values()] if isinstance(body, dict) else []
    return any(
        isinstance(row, dict) and row.get("error") and not row.get("success") for row in rows
    )


def _region(each: Exchange) -> str:
    """Return the region of a recorded call, NA where its host does not say it."""
    for region in load().regions.values():
        if each.host in {region.ads_host, region.lwa_host}:
            return region.id
    return "NA"


def _countries(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """Return the country of each recorded profile that the mock knows."""
    found: dict[str, str] = {}
    for each in exchanges:
        operation = operations().find(each.method, each.path)
        if operation is None or not operation.id.startswith("profiles.") or not each.is_success:
            continue
        rows = each.body if isinstance(each.body, list) else [each.body]
        for row in rows:
            if isinstance(row, dict) and row.get("countryCode") in load().marketplaces:
                found[str(row.get("profileId", ""))] = row["countryCode"]
    return found
