"""One operation of the control plane, as the route table describes it."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "/_mock/v1"

JSON = "application/json"
NDJSON = "application/x-ndjson"
YAML = "application/yaml"
EVENTS = "text/event-stream"
PROMETHEUS = "text/plain"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Query:
    """One query parameter: its type, its description, and its allowed values or default."""

    name: str
    type: str
    summary: str
    enum: tuple[str, ...] = ()
    default: str = ""
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the control plane.

    ``path`` has its parameters in braces. ``body`` and ``reply`` name schemas (empty: none).
    ``also`` is an alternative schema of the reply, and ``media`` lists further media types that a
    client may request. If the reply member ``claim`` is ``false``, the command exits with 1.
    ``example`` is the rest of a command line.
    """

    id: str
    method: str
    path: str
    summary: str
    reply: str = ""
    body: str = ""
    is_body_required: bool = False
    success: int = 200
    query: tuple[Query, ...] = ()
    type: str = JSON
    media: tuple[str, ...] = ()
    claim: str = ""
    example: str = ""
    also: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The path parameters in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


JOURNAL_QUERY = (
    Query("cursor", "integer", "only entries after this number", default="0", minimum=0),
    Query(
        "limit",
        "integer",
        "maximum number of entries, in json",
        default="1000",
        minimum=1,
        maximum=10_000,
    ),
    Query("operation", "string", "operation id or glob"),
    Query("status", "string", "status (429) or class of statuses (4xx)"),
    Query("region", "string", "region of the call", enum=("NA", "EU", "FE")),
    Query("profileId", "string", "profile of the call"),
    Query("chain", "string", "chain of attempts at one logical request"),
    Query("fault", "string", "fault rule that was triggered: id or glob"),
    Query("format", "string", "format of the reply", enum=("json", "ndjson", "har", "vcr")),
)
