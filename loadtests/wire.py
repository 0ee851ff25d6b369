"""The HTTP requests of a user, built from the contracts, and their answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from adsmock.contracts.loader import load
from adsmock.loadtests.counters import THROTTLED, is_accepted
from adsmock.loadtests.shared_state import SharedState

TOKEN = "lwa.token"
DOWNLOAD = "storage.get"

OK = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, with the name and region under which it is counted."""

    name: str
    region: str
    method: str
    url: str
    headers: dict[str, str]
    content: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``body`` is the parsed JSON, or an empty object when there is none."""

    status: int
    body: Any
    retry_after: str | None = None

    @property
    def is_throttled(self) -> bool:
        """Whether the service throttled the call."""
        return self.status == THROTTLED

    @property
    def is_accepted(self) -> bool:
        """Whether the call succeeded."""
        return is_accepted(self.status)


class Wire:
    """The calls of one user over its own connections.

    ``session`` is Locust's HTTP session; ``shared`` has credentials, clock and counts.
    """

    def __init__(self, session: Any, shared: SharedState) -> None:
        self._session = session
        self._shared = shared
        self._credentials = shared.plan.credentials

    def token(self, region: str, base: str) -> tuple[str, float]:
        """Return a new token and its lifetime in seconds; an empty token after a refusal."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._credentials["refreshToken"],
            "client_id": self._credentials["clientId"],
            "client_secret": self._credentials["clientSecret"],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        sent = Sent(TOKEN, region, "POST", base + load().lwa.path, headers, urlencode(form))
        answer = self._send(sent)
        if answer.status != OK:
            return "", 0.0
        return answer.body["access_token"], float(answer.body["expires_in"])

    def call(
        self,
        operation_id: str,
        place: tuple[str, str, str],
        token: str,
        body: Any = None,
        **ids: str,
    ) -> Answer:
        """Send one call of the data plane; ``place`` is region, base address and profile.

        ``ids`` fill the path's parameters.
        """
        region, base, profile_id = place
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
        return self._send(Sent(operation_id, region, operation.method, url, headers, content))

    def download(self, url: str, region: str) -> Answer:
        """Download a finished file; its presigned URL needs no token."""
        return self._send(Sent(DOWNLOAD, region, "GET", url, {}, None))

    def _send(self, sent: Sent) -> Answer:
        clock = self._shared.clock
        began = clock.now()
        with self._session.request(
            sent.method,
            sent.url,
            name=sent.name,
            headers=sent.headers,
            data=sent.content,
            catch_response=True,
        ) as reply:
            status = reply.status_code
            took = (clock.now() - began) * 1000
            second = self._shared.second()
            self._shared.counters.called(second, sent.region, sent.name, status, took)
            if status == THROTTLED:
                # Refusals are fast; a row of their own keeps them out of the percentiles.
                reply.request_meta["name"] = f"{sent.name} [429]"
                reply.success()
            parsed = {} if sent.name == DOWNLOAD else _parsed(reply.text)
            return Answer(
                status, parsed, reply.headers.get("Retry-After") if reply.headers else None
            )


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}
