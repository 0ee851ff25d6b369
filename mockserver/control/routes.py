"""The control plane as one table: every operation, its place, its shapes, its one-line summary.

The Flask rules, the request validation, the OpenAPI document, the command ``adsmock ctl`` and
the Python call are all made from these rows. Knows names only; schemas stand in
``schemas.json`` under the names used here. Must not import a web framework: the command starts
from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "/_mock/v1"

JSON = "application/json"
NDJSON = "application/x-ndjson"
EVENTS = "text/event-stream"
PROMETHEUS = "text/plain"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Query:
    """One query parameter: its schema type, what it does, its lawful values or default."""

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
    ``also`` is a schema that the reply may have instead, ``media`` lists further reply types that
    a client may ask for; ``claim`` names the reply member whose ``false`` makes the command exit
    with 1. ``example`` is the rest of a command line.
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
        """The names in braces, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


JOURNAL_QUERY = (
    Query("cursor", "integer", "entries after this number", default="0", minimum=0),
    Query(
        "limit", "integer", "how many at most, in json", default="1000", minimum=1, maximum=10_000
    ),
    Query("operation", "string", "operation id, or a glob of them"),
    Query("status", "string", "a status (429) or a class of them (4xx)"),
    Query("region", "string", "the region that was called", enum=("NA", "EU", "FE")),
    Query("profileId", "string", "the profile the call was for"),
    Query("chain", "string", "attempts at one logical request"),
    Query("fault", "string", "calls that met this fault rule, or a glob of rule ids"),
    Query("format", "string", "the form of the answer", enum=("json", "ndjson", "har")),
)

_ALL = PREFIX + "/sandboxes"
_ONE = _ALL + "/{sandbox}"

ROUTES: tuple[Route, ...] = (
    Route("sandboxes.list", "GET", _ALL, "List the sandboxes.", "SandboxList"),
    Route(
        "sandboxes.create",
        "POST",
        _ALL,
        "Make a sandbox and get its credentials, profiles and URLs.",
        "Sandbox",
        "SandboxRequest",
        success=201,
        example='--data \'{"id":"t01","seed":42,"clock":{"mode":"frozen"}}\'',
    ),
    Route("sandboxes.get", "GET", _ONE, "Show a sandbox.", "Sandbox"),
    Route("sandboxes.delete", "DELETE", _ONE, "Forget a sandbox.", success=204),
    Route(
        "sandboxes.reset",
        "POST",
        _ONE + "/reset",
        "Empty a sandbox, or the named parts of it.",
        "Reset",
        "ResetRequest",
        example='--sandbox t01 --data \'{"scope":["state","journal"]}\'',
    ),
    Route("state.get", "GET", _ONE + "/state", "Show every entity of every profile.", "State"),
    Route(
        "state.put",
        "PUT",
        _ONE + "/state",
        "Replace the entities.",
        "StateIds",
        "State",
        is_body_required=True,
        example="--sandbox t01 --data @state.json",
    ),
    Route(
        "state.patch",
        "PATCH",
        _ONE + "/state",
        "Add entities to those that are there.",
        "StateIds",
        "State",
        is_body_required=True,
        example="--sandbox t01 --data @more.json",
    ),
    Route(
        "state.invent",
        "POST",
        _ONE + "/state/invention",
        "Add believable campaigns with all that belongs to them, from the sandbox's seed.",
        "StateIds",
        "Invention",
        example="--sandbox t01 --data '{\"campaigns\":20}'",
    ),
    Route("clock.get", "GET", _ONE + "/clock", "Show the sandbox's time.", "Clock"),
    Route(
        "clock.put",
        "PUT",
        _ONE + "/clock",
        "Let the clock run, run faster, or freeze it.",
        "Clock",
        "ClockRequest",
        is_body_required=True,
        example='--data \'{"mode":"scaled","rate":60}\'',
    ),
    Route(
        "clock.advance",
        "POST",
        _ONE + "/clock/advance",
        "Move time forward and get what fired on the way.",
        "Advanced",
        "AdvanceRequest",
        is_body_required=True,
        example="--data '{\"seconds\":3600}'",
    ),
    Route(
        "throttle.get",
        "GET",
        _ONE + "/throttle",
        "Show quotas, pressure and live buckets.",
        "Throttle",
    ),
    Route(
        "throttle.put",
        "PUT",
        _ONE + "/throttle",
        "Set quotas and pressure; what is not named goes back to its default.",
        "Throttle",
        "ThrottleRequest",
        is_body_required=True,
        example='--data \'{"pressure":{"NA":0.3}}\'',
    ),
    Route("faults.list", "GET", _ONE + "/faults", "List fault rules with counts.", "FaultList"),
    Route(
        "faults.create",
        "POST",
        _ONE + "/faults",
        "Plan a fault.",
        "FaultRule",
        "FaultRule",
        is_body_required=True,
        success=201,
        example='--data \'{"effect":{"kind":"http","status":429}}\'',
    ),
    Route(
        "faults.replace",
        "PUT",
        _ONE + "/faults",
        "Replace all fault rules.",
        "FaultList",
        "FaultList",
        is_body_required=True,
        example="--data @plan.json",
    ),
    Route("faults.clear", "DELETE", _ONE + "/faults", "Forget all fault rules.", success=204),
    Route("faults.get", "GET", _ONE + "/faults/{fault}", "Show a rule and counts.", "FaultRule"),
    Route(
        "faults.put",
        "PUT",
        _ONE + "/faults/{fault}",
        "Plan a fault under this id; its counts start again.",
        "FaultRule",
        "FaultRule",
        is_body_required=True,
        example='--fault dark --data \'{"match":{"region":["EU"]},"effect":{"kind":"outage"}}\'',
    ),
    Route("faults.delete", "DELETE", _ONE + "/faults/{fault}", "Forget a rule.", success=204),
    Route("jobs.list", "GET", _ONE + "/jobs", "List exports and where they stand.", "JobList"),
    Route("jobs.complete", "POST", _ONE + "/jobs/{job}/complete", "Complete a job now.", "Job"),
    Route(
        "jobs.fail",
        "POST",
        _ONE + "/jobs/{job}/fail",
        "Let a job fail now.",
        "Job",
        "JobFailure",
    ),
    Route("jobs.stick", "POST", _ONE + "/jobs/{job}/stick", "Let a job never end.", "Job"),
    Route(
        "jobs.expire-url",
        "POST",
        _ONE + "/jobs/{job}/expire-url",
        "Expire the download URLs handed out so far.",
        "Job",
    ),
    Route(
        "tokens.revoke",
        "POST",
        _ONE + "/tokens/revoke",
        "Revoke the access tokens issued so far, or the refresh token.",
        "Revoked",
        "RevokeRequest",
        is_body_required=True,
        example='--data \'{"kind":"access"}\'',
    ),
    Route(
        "listeners.list",
        "GET",
        _ONE + "/listeners",
        "List the listeners opened for a sandbox.",
        "ListenerList",
    ),
    Route(
        "listeners.create",
        "POST",
        _ONE + "/listeners",
        "Open a TLS listener, sound or wrong on purpose, or a proxy that leads to one.",
        "Listener",
        "ListenerRequest",
        success=201,
        example='--data \'{"flaw":"unknown-ca","region":"NA"}\'',
    ),
    Route("listeners.clear", "DELETE", _ONE + "/listeners", "Close the listeners.", success=204),
    Route("versions.get", "GET", _ONE + "/versions", "Show shut-off dates.", "Versions"),
    Route(
        "versions.put",
        "PUT",
        _ONE + "/versions",
        "Give families a shut-off date: rehearse a deprecation.",
        "Versions",
        "VersionsRequest",
        is_body_required=True,
        example='--data \'{"families":{"sp":{"shutOff":"2026-08-01"}}}\'',
    ),
    Route(
        "journal.get",
        "GET",
        _ONE + "/journal",
        "Read what the server saw.",
        "Journal",
        query=JOURNAL_QUERY,
        also="Archive",
        media=(NDJSON, EVENTS),
        example="--operation 'sp.*.create' --status 4xx",
    ),
    Route("journal.clear", "DELETE", _ONE + "/journal", "Empty the journal.", success=204),
    Route(
        "verify.run",
        "POST",
        _ONE + "/verify",
        "Say whether calls that match were seen, and which came near.",
        "Verification",
        "VerifyRequest",
        is_body_required=True,
        claim="holds",
        example='--data \'{"match":{"operation":["lwa.token"]},"min":1,"max":3}\'',
    ),
    Route("snapshots.list", "GET", _ONE + "/snapshots", "List snapshots.", "SnapshotList"),
    Route(
        "snapshots.create",
        "POST",
        _ONE + "/snapshots",
        "Keep the sandbox as it stands under a name.",
        "Snapshot",
        "SnapshotRequest",
        is_body_required=True,
        success=201,
        example='--data \'{"name":"before"}\'',
    ),
    Route(
        "snapshots.restore",
        "POST",
        _ONE + "/snapshots/{snapshot}/restore",
        "Put the sandbox back to what a snapshot kept.",
        "Snapshot",
        example="--snapshot before",
    ),
    Route("scenarios.list", "GET", PREFIX + "/scenarios", "List scenarios.", "ScenarioList"),
    Route(
        "scenarios.apply",
        "POST",
        _ONE + "/scenario",
        "Play a scenario: its faults, throttling and dates at once.",
        "ScenarioApplied",
        "ScenarioRequest",
        is_body_required=True,
        example='--data \'{"name":"region-dark"}\'',
    ),
    Route(
        "orphans.get",
        "GET",
        PREFIX + "/journal/orphans",
        "Read the calls that belong to no sandbox.",
        "Journal",
        query=JOURNAL_QUERY,
        also="Archive",
        media=(NDJSON, EVENTS),
    ),
    Route("orphans.clear", "DELETE", PREFIX + "/journal/orphans", "Forget them.", success=204),
    Route(
        "service.fidelity",
        "GET",
        PREFIX + "/fidelity",
        "List every imitated behavior with its status and source.",
        "Fidelity",
        query=(
            Query(
                "status",
                "string",
                "only behaviors of this status",
                enum=("documented", "observed", "assumed"),
            ),
        ),
    ),
    Route("service.health", "GET", PREFIX + "/health", "Say that the process lives.", "Health"),
    Route("service.ready", "GET", PREFIX + "/ready", "Say that it can serve.", "Ready"),
    Route("service.openapi", "GET", PREFIX + "/openapi.json", "Describe this API.", "Anything"),
    Route(
        "service.metrics",
        "GET",
        PREFIX + "/metrics",
        "Count calls, faults and more, for Prometheus.",
        type=PROMETHEUS,
    ),
    Route(
        "service.scrape",
        "GET",
        "/metrics",
        "The same counts where Prometheus looks by habit.",
        type=PROMETHEUS,
    ),
    Route("service.dashboard", "GET", "/", "Watch it all on one page.", type=HTML),
)

BY_ID: dict[str, Route] = {route.id: route for route in ROUTES}
