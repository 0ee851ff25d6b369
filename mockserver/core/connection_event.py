"""A connection's beginning that is worth a line although no call has been made yet.

Knows what a listener saw: a handshake, or a host that is not served. Must not know sockets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from adsmock.mockserver.core.call import Endpoint

Flaw = Literal["none", "unknown-ca", "wrong-name", "old-protocol"]
"""What may be wrong with a listener on purpose."""


@dataclass(frozen=True, slots=True)
class ConnectionEvent:
    """A handshake (``version`` or ``error``), or a refusal (``host``, ``method``, ``status``).

    ``flaw`` is what was wrong with the listener's certificate on purpose, ``arrived`` monotonic
    seconds.
    """

    door: Endpoint
    flaw: Flaw
    arrived: float
    connection: int = 0
    version: str = ""
    error: str = ""
    host: str = ""
    method: str = ""
    status: int = 0
