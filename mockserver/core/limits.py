"""Limits on what one caller may send, and on what all callers together may occupy.

Every limit is an option of ``serve``. They apply before any work that grows with the request:
first bytes and headers, then the shape of the JSON, then the number of items, then the schema.
"""

from __future__ import annotations

from dataclasses import dataclass

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one mock. Sizes in bytes, times in seconds of the machine.

    A body that is too large is read up to ``drain_bytes`` and ``drain_seconds``, so that the client
    gets its 413 instead of a reset. ``send_seconds`` is how long a client may leave a reply unread.
    ``json_values`` are counted by the commas and opening brackets of a body, texts included. The
    ``control_`` limits apply to the control plane, the last three to all callers together.
    """

    body_bytes: int = 16 * MEBIBYTE
    body_seconds: float = 30.0
    drain_bytes: int = 64 * MEBIBYTE
    drain_seconds: float = 5.0
    send_seconds: float = 300.0
    head_seconds: float = 60.0
    idle_seconds: float = 60.0
    """Assumed: the default of Amazon's load balancers."""
    url_bytes: int = 16 * KIBIBYTE
    """Source: Application Load Balancer quotas (documented: request line 16 K)."""
    header_bytes: int = 64 * KIBIBYTE
    """Source: Application Load Balancer quotas (documented: entire request header 64 K)."""
    headers: int = 100
    json_depth: int = 64
    json_values: int = 250_000
    batch_items: int = 10_000
    control_body_bytes: int = 64 * MEBIBYTE
    control_json_values: int = 5_000_000
    stop_seconds: float = 10.0
    """How long a stop waits for requests that have begun."""
    connections: int = 4_096
    buffered_bytes: int = 256 * MEBIBYTE
    sandboxes: int = 2_000
