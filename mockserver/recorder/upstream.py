"""The service: one call over TLS with the public authorities, sent exactly once."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.recorder.message import Answer, Message

CONNECT_SECONDS, READ_SECONDS = 10.0, 120.0
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"}
    | {"te", "trailer", "transfer-encoding", "upgrade", "host", "content-length", "expect"}
)


class UpstreamError(Exception):
    """The service could not be reached, or gave no complete reply."""


class Upstream:
    """Sends calls to their own host.

    ``proxy`` and ``verify`` are for tests, where another mock with Amazon's host names takes the
    place of the service: the URL of its proxy, and the file with its authority. Without them the
    environment's proxy is used, as other programs do, and certificates are verified.
    """

    def __init__(self, *, proxy: str = "", verify: str = "") -> None:
        import requests  # noqa: PLC0415 -- help needs no network

        self._session = requests.Session()
        self._session.headers.clear()
        self._session.trust_env = not proxy
        self._session.proxies = {"https": proxy} if proxy else {}
        self._session.verify = verify or True
        self._failures: tuple[type[Exception], ...] = (requests.RequestException, OSError)

    def send(self, message: Message) -> Answer:
        """Return the reply to a call, with its body as it was sent.

        Raises:
            UpstreamError: there was no complete reply.
        """
        headers = {
            name: value for name, value in message.headers if name.lower() not in _HOP_BY_HOP
        }
        if not any(name.lower() == "accept-encoding" for name in headers):
            headers["Accept-Encoding"] = "identity"
        try:
            reply = self._session.request(
                message.method,
                f"https://{message.host}{message.target}",
                headers=headers,
                data=message.body or None,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            body: bytes = reply.raw.read(decode_content=False)
        except self._known() as error:
            raise UpstreamError(f"{message.host}: {type(error).__name__}") from error
        found: Any = reply.raw.headers
        rows = [(name, value) for name, value in found.items() if name.lower() not in _HOP_BY_HOP]
        return Answer(reply.status_code, reply.reason or "", rows, body)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _known(self) -> tuple[type[Exception], ...]:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 -- as above

        return (*self._failures, HTTPError)
