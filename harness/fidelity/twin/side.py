"""One side of a twin run: where it answers, who asks, and the calls themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from adsmock.harness.client.clock import Clock
from adsmock.harness.client.transport import Request, Transport
from adsmock.harness.fidelity.exchange import Exchange, parsed, split_url
from adsmock.harness.fidelity.twin.plan import Step, filled, target

TOKEN_PATH = "/auth/o2/token"
CLIENT, SCOPE = "Amazon-Advertising-API-ClientId", "Amazon-Advertising-API-Scope"


class SideError(RuntimeError):
    """A side that gives no token: the run cannot begin."""


@dataclass(slots=True)
class Side:
    """The service or the mock.

    ``ads`` and ``lwa`` are base URLs. ``bound`` are values of earlier replies, ``sent`` counts
    the calls.
    """

    name: str
    ads: str
    lwa: str
    client_id: str
    client_secret: str
    refresh_token: str
    profile: str
    transport: Transport
    clock: Clock
    token: str = ""
    bound: dict[str, Any] = field(default_factory=dict)
    sent: int = 0

    def sign_in(self) -> Exchange:
        """Ask for an access token and keep it; return the exchange without secrets.

        Raises:
            SideError: the token service refused.
        """
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self.refresh_token,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
        request = Request("POST", self.lwa + TOKEN_PATH, headers, urlencode(form).encode())
        reply = self._send(request)
        body = parsed(reply.body)
        if reply.status >= 400 or not isinstance(body, dict):  # noqa: PLR2004 -- the first error
            code = body.get("error", "") if isinstance(body, dict) else ""
            raise SideError(
                f"the {self.name} gave no token ({reply.status} {code}): check client id, secret "
                "and refresh token"
            )
        self.token = str(body["access_token"])
        self.bound["profile"] = self.profile
        hidden = dict.fromkeys(body, "hidden") | {"expires_in": body.get("expires_in")}
        return Exchange(
            "POST",
            split_url(self.lwa)[0],
            TOKEN_PATH,
            reply.status,
            headers=reply.headers,
            body=hidden | {"token_type": body.get("token_type")},
            step="token",
            started=self.clock.now(),
        )

    def call(self, step: Step) -> Exchange:
        """Send one step and return the exchange; bind what later steps need.

        Raises:
            UnboundError: the step needs a value that no earlier reply had.
            TransportError: there was no complete reply.
        """
        now = self.clock.now()
        body = filled(step.body, self.bound, now)
        query = {name: str(value) for name, value in filled(step.query, self.bound, now).items()}
        path = target(step, self.bound, now)
        url = self.ads + path + (f"?{urlencode(query)}" if query else "")
        headers = self.headers(step)
        raw = step.text.encode() if step.text else _encoded(body)
        method = step.method or step.row.method
        reply = self._send(Request(method, url, headers, raw))
        return Exchange(
            method,
            split_url(self.ads)[0],
            path,
            reply.status,
            tuple(query.items()),
            {name.lower(): value for name, value in headers.items()},
            step.text or body,
            reply.headers,
            parsed(reply.body),
            now,
            step.id,
            step.wants,
        )

    def headers(self, step: Step) -> Mapping[str, str]:
        """Return the headers of a step's request."""
        row = step.row
        plain = {
            "token": ("Authorization", f"Bearer {self.token}"),
            "client": (row.client_header, self.client_id),
            "scope": (SCOPE, self.profile),
        }
        wanted = {"token", "client", *(["scope"] if row.scope else [])} - set(step.drop)
        found = dict(plain[name] for name in ("token", "client", "scope") if name in wanted)
        if step.body is not None or step.text:
            found["Content-Type"] = row.request or "application/json"
        found["Accept"] = step.accept or row.reply or "*/*"
        return found | step.headers

    def _send(self, request: Request) -> Any:
        self.sent += 1
        return self.transport.send(request)


def _encoded(body: Any) -> bytes | None:
    return None if body is None else json.dumps(body, separators=(",", ":")).encode()
