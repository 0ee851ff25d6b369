"""The route table of the control plane: every operation with its path, schemas and summary.

Flask's rules, request validation, the OpenAPI document, ``adsmock ctl`` and the Python call are all
generated from it. The schemas are in ``schemas.json``. ``adsmock ctl`` starts from this module, so
it must not import a web framework.
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
    Query("format", "string", "format of the reply", enum=("json", "ndjson", "har")),
)

_ALL = PREFIX + "/sandboxes"
_ONE = _ALL + "/{sandbox}"

ROUTES: tuple[Route, ...] = (
    Route("sandboxes.list", "GET", _ALL, "List the sandboxes.", "SandboxList"),
    Route(
        "sandboxes.create",
        "POST",
        _ALL,
        "Create a sandbox and get its credentials, profiles and URLs.",
        "Sandbox",
        "SandboxRequest",
        success=201,
        example='--data \'{"id":"t01","seed":42,"clock":{"mode":"frozen"}}\'',
    ),
    Route("sandboxes.get", "GET", _ONE, "Show a sandbox.", "Sandbox"),
    Route("sandboxes.delete", "DELETE", _ONE, "Delete a sandbox.", success=204),
    Route(
        "sandboxes.reset",
        "POST",
        _ONE + "/reset",
        "Reset a sandbox, or parts of it.",
        "Reset",
        "ResetRequest",
        example='--sandbox t01 --data \'{"scope":["state","journal"]}\'',
    ),
    Route("state.get", "GET", _ONE + "/state", "Show every entity of every profile.", "State"),
    Route(
        "state.put",
        "PUT",
        _ONE + "/state",
        "Replace all entities.",
        "StateIds",
        "State",
        is_body_required=True,
        example="--sandbox t01 --data @state.json",
    ),
    Route(
        "state.patch",
        "PATCH",
        _ONE + "/state",
        "Add entities.",
        "StateIds",
        "State",
        is_body_required=True,
        example="--sandbox t01 --data @more.json",
    ),
    Route(
        "state.invent",
        "POST",
        _ONE + "/state/invention",
        "Generate demo campaigns with ad groups, ads and keywords from the sandbox's seed.",
        "StateIds",
        "Invention",
        example="--sandbox t01 --data '{\"campaigns\":20}'",
    ),
    Route("clock.get", "GET", _ONE + "/clock", "Show the sandbox's clock.", "Clock"),
    Route(
        "clock.put",
        "PUT",
        _ONE + "/clock",
        "Run, speed up or freeze the clock.",
        "Clock",
        "ClockRequest",
        is_body_required=True,
        example='--data \'{"mode":"scaled","rate":60}\'',
    ),
    Route(
        "clock.advance",
        "POST",
        _ONE + "/clock/advance",
        "Advance the clock and get the events until then.",
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
        "Replace quotas and pressure; other settings return to their defaults.",
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
        "Create a fault rule.",
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
    Route("faults.clear", "DELETE", _ONE + "/faults", "Delete all fault rules.", success=204),
    Route(
        "faults.get", "GET", _ONE + "/faults/{fault}", "Show a fault rule with counts.", "FaultRule"
    ),
    Route(
        "faults.put",
        "PUT",
        _ONE + "/faults/{fault}",
        "Create or replace a fault rule; its counts restart.",
        "FaultRule",
        "FaultRule",
        is_body_required=True,
        example='--fault dark --data \'{"match":{"region":["EU"]},"effect":{"kind":"outage"}}\'',
    ),
    Route("faults.delete", "DELETE", _ONE + "/faults/{fault}", "Delete a fault rule.", success=204),
    Route(
        "jobs.list", "GET", _ONE + "/jobs", "List exports and reports with their stages.", "JobList"
    ),
    Route("jobs.complete", "POST", _ONE + "/jobs/{job}/complete", "Complete a job now.", "Job"),
    Route(
        "jobs.fail",
        "POST",
        _ONE + "/jobs/{job}/fail",
        "Fail a job now.",
        "Job",
        "JobFailure",
    ),
    Route("jobs.stick", "POST", _ONE + "/jobs/{job}/stick", "Make a job never end.", "Job"),
    Route(
        "jobs.expire-url",
        "POST",
        _ONE + "/jobs/{job}/expire-url",
        "Expire the download URLs issued so far.",
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
        "List the listeners of a sandbox.",
        "ListenerList",
    ),
    Route(
        "listeners.create",
        "POST",
        _ONE + "/listeners",
        "Open a TLS listener, correct or with a planned flaw, or a proxy to one.",
        "Listener",
        "ListenerRequest",
        success=201,
        example='--data \'{"flaw":"unknown-ca","region":"NA"}\'',
    ),
    Route(
        "listeners.clear",
        "DELETE",
        _ONE + "/listeners",
        "Close all listeners of a sandbox.",
        success=204,
    ),
    Route("versions.get", "GET", _ONE + "/versions", "Show shut-off dates.", "Versions"),
    Route(
        "versions.put",
        "PUT",
        _ONE + "/versions",
        "Set shut-off dates of families, to rehearse a deprecation.",
        "Versions",
        "VersionsRequest",
        is_body_required=True,
        example='--data \'{"families":{"sp":{"shutOff":"2026-08-01"}}}\'',
    ),
    Route(
        "journal.get",
        "GET",
        _ONE + "/journal",
        "Read the calls that the server received.",
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
        "Check how many calls match, and list the most similar others.",
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
        "Store the sandbox's state under a name.",
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
        "Restore the sandbox from a snapshot.",
        "Snapshot",
        example="--snapshot before",
    ),
    Route("scenarios.list", "GET", PREFIX + "/scenarios", "List scenarios.", "ScenarioList"),
    Route(
        "scenarios.apply",
        "POST",
        _ONE + "/scenario",
        "Apply a scenario: its faults, throttling and shut-off dates.",
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
    Route(
        "orphans.clear",
        "DELETE",
        PREFIX + "/journal/orphans",
        "Empty the journal of calls without a sandbox.",
        success=204,
    ),
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
    Route("service.health", "GET", PREFIX + "/health", "Check that the process runs.", "Health"),
    Route(
        "service.ready", "GET", PREFIX + "/ready", "Check that the server can serve calls.", "Ready"
    ),
    Route("service.openapi", "GET", PREFIX + "/openapi.json", "Describe this API.", "Anything"),
    Route(
        "service.metrics",
        "GET",
        PREFIX + "/metrics",
        "Read the metrics for Prometheus.",
        type=PROMETHEUS,
    ),
    Route(
        "service.scrape",
        "GET",
        "/metrics",
        "Read the metrics at Prometheus's default path.",
        type=PROMETHEUS,
    ),
    Route("service.dashboard", "GET", "/", "Open the dashboard.", type=HTML),
)

BY_ID: dict[str, Route] = {route.id: route for route in ROUTES}
