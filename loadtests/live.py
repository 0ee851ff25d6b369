"""The charts of a run in progress: a page on loopback that follows it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from adsmock.charts import assets, chart
from adsmock.charts.chart import Chart
from adsmock.loadtests.checkpoint import Checkpoint
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.figures import charts
from adsmock.loadtests.generator import LOOPBACK
from adsmock.loadtests.injected import Injected
from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.quota_use import Rates
from adsmock.loadtests.series import series
from adsmock.loadtests.verdict import Outcome

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HERE = Path(__file__).parent
TEMPLATE, STYLE, SCRIPT = "live.html.jinja", "page.css", "live.js"

HOSTS = (LOOPBACK, "localhost")


class LivePage:
    """A server on loopback with the page, and with the numbers of the charts as JSON.

    Use it as a context manager. ``show`` sets what it serves.
    """

    def __init__(self, port: int) -> None:
        self._charts: list[Chart] = []
        self._status = "The run begins."
        self._server = make_server(
            LOOPBACK, port, self.answer, threaded=True, request_handler=_Quiet
        )
        self.address = f"http://{LOOPBACK}:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def show(self, drawn: list[Chart], status: str) -> None:
        """Serve these charts, below a sentence about the run."""
        self._charts, self._status = drawn, status

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one WSGI request: the page, or its numbers."""
        return self._reply(Request(environ))(environ, start_response)

    def _reply(self, request: Request) -> Response:
        # Another name for this address would let a page of another site read the numbers.
        if not host_is_trusted(request.host, HOSTS):
            return Response("unknown host: use the address that adsmock printed\n", 403)
        if request.path == "/charts.json":
            return Response(self._numbers(), mimetype="application/json")
        if request.path == "/":
            return Response(self._page(), mimetype="text/html")
        return Response("not found\n", 404)

    def _numbers(self) -> str:
        known = {"signature": _signature(self._charts), "status": self._status}
        return json.dumps(known)[:-1] + f', "charts": {chart.data(self._charts)}}}'

    def _page(self) -> str:
        loader = FileSystemLoader(HERE)
        environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        style = assets.style() + (HERE / STYLE).read_text(encoding="utf-8")
        script = assets.script() + (HERE / SCRIPT).read_text(encoding="utf-8")
        return environment.get_template(TEMPLATE).render(
            policy=assets.policy(scripts=[script], styles=[style], may_fetch=True),
            style=style,
            script=script,
            signature=_signature(self._charts),
            status=self._status,
            data=chart.data(self._charts),
            figures=[chart.figure(each, has_table=False) for each in self._charts],
        )


class LiveRun:
    """One run, counted while it lasts, from the rows of its progress."""

    def __init__(
        self, page: LivePage, plan: RehearsalPlan, quotas: Rates, earlier: Checkpoint | None
    ) -> None:
        self._page = page
        self._plan = plan
        self._quotas = quotas
        self._counters = Counters()
        if earlier:
            self._add(earlier.counts["counts"])

    def follow(self, row: dict[str, Any], calls: Counters, planned: Injected) -> None:
        """Show the run after a row of progress; ``calls`` are those that the journal counted."""
        self._add(row.get("counts", ()))
        plan = self._plan
        seen = Outcome(
            counters=Counters(self._counters.counts + calls.counts),
            elapsed=max(1.0, row["elapsed"]),
            duration=plan.duration,
            processes=[],
            regions=tuple(plan.regions),
        )
        made = seen.counters.totals()
        status = (
            f"{row['elapsed']:,.0f} of {plan.duration:,.0f} s, "
            f"{plan.event.phase(row['elapsed'] / plan.duration)}: {sum(made.values()):,} calls, "
            f"{made['throttled']:,} throttled, {made['failed']:,} failed; "
            f"{row['waiting']:,} items wait."
        )
        self._page.show(charts(series(seen, plan.event, self._quotas, planned)), status)

    def _add(self, counts: Iterable[list[Any]]) -> None:
        for *key, times in counts:
            self._counters.counts[tuple(key)] += times


class _Quiet(WSGIRequestHandler):
    """A handler that prints no line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 -- werkzeug's name
        """Print nothing."""


def _signature(drawn: list[Chart]) -> str:
    """Return what the markup of the page depends on: charts and the names of their bands."""
    named = [[each.id, *(band.name for band in each.bands if band.detail)] for each in drawn]
    return json.dumps(named)
