"""What a listener saw before any call: a TLS handshake, or a host that is not served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from adsmock.mockserver.core.call import Endpoint

Flaw = Literal["none", "unknown-ca", "wrong-name", "old-protocol"]
"""The intended TLS defect of a listener."""


@dataclass(frozen=True, slots=True)
class ConnectionEvent:
    """A handshake (``version`` or ``error``), or a refusal (``host``, ``method``, ``status``).

    ``flaw`` is the intended TLS defect of the listener; ``at`` is when the handshake or the refusal
    ended, in monotonic seconds. A slow client's handshake takes seconds.
    """

    endpoint: Endpoint
    flaw: Flaw
    at: float = 0.0
    connection: int = 0
    version: str = ""
    error: str = ""
    host: str = ""
    method: str = ""
    status: int = 0
