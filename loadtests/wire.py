"""How a user's call looks on the wire, and what came back: the only place that builds requests.

Knows operations by their contract, headers and bodies. Must not know what a user is up to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from contracts.loader import load
from loadtests.tally import THROTTLED, Tally, is_accepted

TOKEN = "lwa.token"
DOWNLOAD = "storage.get"

OK = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``body`` is the parsed JSON, or an empty object when there is none."""

    status: int
    body: Any
    retry_after: str | None = None

    @property
    def is_throttled(self) -> bool:
        """Whether the service asked to come back later."""
        return self.status == THROTTLED

    @property
    def is_accepted(self) -> bool:
        """Whether the service did what was asked."""
        return is_accepted(self.status)


class Wire:
    """The calls of one user over its own connections.

    ``session`` is Locust's HTTP session; ``credentials`` are the client's.
    """

    def __init__(self, session: Any, credentials: dict[str, str], tally: Tally) -> None:
        self._session = session
        self._credentials = credentials
        self._tally = tally

    def token(self, base: str) -> tuple[str, float]:
        """Return a fresh token and its lifetime; an empty token when it was refused."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._credentials["refreshToken"],
            "client_id": self._credentials["clientId"],
            "client_secret": self._credentials["clientSecret"],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = base + load().lwa.path
        answer = self._send(TOKEN, "POST", url, headers, urlencode(form))
        if answer.status != OK:
            return "", 0.0
        return answer.body["access_token"], float(answer.body["expires_in"])

    def call(
        self,
        operation_id: str,
        base: str,
        token: str,
        profile_id: str,
        body: Any = None,
        **ids: str,
    ) -> Answer:
        """Send one call of the data plane; ``ids`` fill the places of the path."""
        operation = load().operations[operation_id]
        headers = {
            "Authorization": f"Bearer {token}",
            "Amazon-Advertising-API-ClientId": self._credentials["clientId"],
            "Amazon-Advertising-API-Scope": profile_id,
            "Accept": operation.reply,
        }
        content = None
        if body is not None:
            headers["Content-Type"] = operation.request or "application/json"
            content = json.dumps(body)
        url = base + operation.path.format(**ids)
        return self._send(operation_id, operation.method, url, headers, content)

    def download(self, url: str) -> Answer:
        """Fetch an export's file from its storage; the address alone gives access."""
        return self._send(DOWNLOAD, "GET", url, {}, None)

    def _send(
        self, name: str, method: str, url: str, headers: dict[str, str], content: str | None
    ) -> Answer:
        with self._session.request(
            method, url, name=name, headers=headers, data=content, catch_response=True
        ) as reply:
            status = reply.status_code
            self._tally.called(name, status)
            if status == THROTTLED:
                # A refusal is quick; in a row of its own it cannot flatter the percentiles.
                reply.request_meta["name"] = f"{name} [429]"
                reply.success()
            parsed = {} if name == DOWNLOAD else _parsed(reply.text)
            return Answer(
                status, parsed, reply.headers.get("Retry-After") if reply.headers else None
            )


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}
