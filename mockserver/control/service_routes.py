"""The routes of the server itself: fault kinds, orphans, events, health, metrics, dashboard."""

from __future__ import annotations

from adsmock.mockserver.control.route import (
    EVENTS,
    HTML,
    JOURNAL_QUERY,
    NDJSON,
    PREFIX,
    PROMETHEUS,
    YAML,
    Query,
    Route,
)

EVENTS_QUERY = (
    Query("follow", "string", "sandbox whose calls and state the stream has too"),
    Query("cursor", "integer", "only calls after this number", default="0", minimum=0),
    Query(
        "wait",
        "string",
        "whether the stream stays open for what changes later",
        enum=("yes", "no"),
        default="yes",
    ),
)

SERVICE_ROUTES: tuple[Route, ...] = (
    Route(
        "faults.kinds",
        "GET",
        PREFIX + "/fault-kinds",
        "List the kinds of faults with their settings, and what a rule can match.",
        "FaultKinds",
    ),
    Route(
        "orphans.get",
        "GET",
        PREFIX + "/journal/orphans",
        "Read the calls that belong to no sandbox.",
        "Journal",
        query=JOURNAL_QUERY,
        also="Archive",
        media=(NDJSON, EVENTS, YAML),
    ),
    Route(
        "orphans.clear",
        "DELETE",
        PREFIX + "/journal/orphans",
        "Empty the journal of calls without a sandbox.",
        success=204,
    ),
    Route(
        "events.follow",
        "GET",
        PREFIX + "/events",
        "Follow what the dashboard shows: all sandboxes, the calls and the state of one.",
        query=EVENTS_QUERY,
        type=EVENTS,
    ),
    Route(
        "runs.list",
        "GET",
        PREFIX + "/runs",
        "List the conformance runs against this mock, with their cases so far.",
        "RunList",
    ),
    Route(
        "runs.put",
        "PUT",
        PREFIX + "/runs/{run}",
        "Report the cases of a run so far; 'adsmock conform' does so.",
        "Run",
        "RunReport",
        is_body_required=True,
    ),
    Route(
        "service.calendar",
        "GET",
        PREFIX + "/calendar",
        "List the shut-off dates of the deprecation calendar.",
        "Calendar",
    ),
    Route(
        "service.costs",
        "GET",
        PREFIX + "/costs",
        "List the quota class of each operation and what a call costs in it.",
        "Costs",
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
    Route(
        "service.dashboard-file",
        "GET",
        "/dashboard/{digest}/{file}",
        "Load a style sheet or a script of the dashboard.",
        type="*/*",
    ),
)
