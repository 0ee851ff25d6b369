"""Send one call to its region, with its headers and a valid token."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

from .auth import TokenCache
from .call import Call
from .retry import checker
from .retry.chain import Chain, Retry
from .routing import Router
from .transport import Reply, Request, Transport


class Sender:
    """Turns calls into requests, and sends them."""

    def __init__(
        self,
        client_id: str,
        router: Router,
        tokens: TokenCache,
        transport: Transport,
        retry: Retry,
    ) -> None:
        self.router = router
        self.retry = retry
        self._client_id = client_id
        self._tokens = tokens
        self._transport = transport

    def open(self, call: Call) -> Chain:
        """Return a chain in which several sends count as attempts at the same work."""
        return self.retry.open(call.kind, call.limit_key)

    def send(self, call: Call, chain: Chain | None = None) -> Reply:
        """Return the reply of the first attempt that succeeds; raises as ``Chain.run``."""
        return (chain or self.open(call)).run(lambda: self.attempt(call))

    def attempt(self, call: Call) -> Reply:
        """Send once; after a 401 about the token, once more with a new token."""
        token = self._tokens.token(call.region)
        reply = self.deliver(call, token)
        if checker.is_token_refused(reply):
            self._tokens.invalidate(token)
            reply = self.deliver(call, self._tokens.token(call.region))
        return reply

    def deliver(self, call: Call, token: str) -> Reply:
        """Send one request."""
        return self._transport.send(self.request(call, token))

    def request(self, call: Call, token: str) -> Request:
        """Return the request of a call; its host is that of the call's region."""
        path = call.operation.path
        for name, value in call.path.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        body = None
        if call.body is not None:
            body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
        if call.query:
            path += f"?{urlencode(call.query)}"
        url = self.router.ads(call.region) + path
        return Request(call.operation.method, url, self.headers(call, token), body)

    def headers(self, call: Call, token: str) -> dict[str, str]:
        """Return the headers of a call.

        The media types name the version of a resource, so every call has both.
        Source: OpenAPI documents of the families; concepts/authorization (documented).
        """
        headers = {
            "Authorization": f"Bearer {token}",
            "Amazon-Advertising-API-ClientId": self._client_id,
            "Accept": call.accept or call.operation.reply or "application/json",
            **call.headers,
        }
        if (call.operation.scope or call.names_profile) and call.profile is not None:
            headers["Amazon-Advertising-API-Scope"] = call.profile
        if call.body is not None:
            headers["Content-Type"] = call.operation.request or "application/json"
        return headers
