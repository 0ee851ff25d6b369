"""The estimate as one HTML page that loads nothing and opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adsmock.charts import assets, chart
from adsmock.harness.volume.figures import STAGES, charts

HERE = Path(__file__).parent
TEMPLATE, STYLE = "page.html.jinja", "page.css"


def render(document: dict[str, Any]) -> str:
    """Return the page of an estimate."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = assets.style() + (HERE / STYLE).read_text(encoding="utf-8")
    drawn = charts(document)
    return environment.get_template(TEMPLATE).render(
        found=document,
        policy=assets.policy(scripts=[assets.script()], styles=[style]),
        style=style,
        script=assets.script(),
        data=chart.data(drawn),
        figures=[chart.figure(each) for each in drawn],
        fits={stage: _tightest(document[stage]["fits"]) for stage in STAGES},
    )


def _tightest(fits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(fits, key=lambda fit: -fit["share"])
