"""The page of metrics: what the mock and the reference client's meter expose to Prometheus."""

from collections.abc import Iterable
from typing import Any

from adsmock.harness.client import Meter
from adsmock.mockserver.app import Settings, build_runtime
from adsmock.mockserver.control.prometheus import metrics
from docs.generate.markdown import code, table

INTRO = """\
# Metrics

## The mock

`GET /metrics` on the control plane (port 9090) has the counters of the process in Prometheus's
text format. `adsmock watch` writes alert rules and a Grafana dashboard.
"""

CLIENT = """\
## The reference client

`Meter` counts the requests of the [reference client](../how-to/reference-client.md). Serve them
with `prometheus_client.start_http_server(9100, registry=meter.registry)`. Calls and weights have
the labels `region`, `operation`, `status` and `quota`; seconds have `operation`, shares `region`
and `quota`.
"""

SUFFIX = {"counter": "_total"}
"""What Prometheus adds to the names of a kind."""


def pages() -> dict[str, str]:
    """Return the page."""
    runtime = build_runtime(Settings(), "http://localhost/_storage", None)
    mock = described(metrics(runtime))
    client = described(Meter().registry.collect())
    return {"metrics.md": f"{INTRO}\n{mock}\n{CLIENT}\n{client}"}


def described(families: Iterable[Any]) -> str:
    """Return a table of metrics."""
    rows = (
        (
            code(one.name + SUFFIX.get(one.type, "")),
            one.type,
            ", ".join(getattr(one, "_labelnames", ())),
            one.documentation,
        )
        for one in families
    )
    return table(("Metric", "Type", "Labels", "Meaning"), sorted(rows))
