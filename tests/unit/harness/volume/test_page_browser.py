"""The page of an estimate in a real browser: it fits every screen, and its plots can be read."""

from pathlib import Path

import pytest

from adsmock.contracts.loader import load
from adsmock.harness.config_file import read
from adsmock.harness.volume import document, html_page
from adsmock.harness.volume.estimate import estimate
from adsmock.harness.volume.plan import parse_plan
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE

pytestmark = IN_BROWSER

LEGIBLE = 10
"""Pixels that a line of a plot's text is high at least, ascenders and all."""

LABELS = """
[...document.querySelectorAll("svg text")].map((label) => {
  const box = label.getBoundingClientRect(), plot = label.closest("svg").getBoundingClientRect();
  const inside = box.top >= plot.top && box.bottom <= plot.bottom && box.right <= plot.right;
  return {words: label.textContent, height: box.height, inside};
})
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    plan = parse_plan(read(Path("harness/volume/plans/agency.toml"), "plan").values)
    file = tmp_path_factory.mktemp("estimate") / "estimate.html"
    file.write_text(html_page.render(document.of_estimate(estimate(plan, load()))), "utf-8")
    return file.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "light"), (390, "dark")])
def test_estimate_is_quiet_fits_and_is_legible(browser, address, width, scheme):
    browser.troubles.clear()
    browser.open(address, width, scheme)

    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run(OUTSIDE.replace("WIDTH", str(width))) == []
    assert browser.run(CONTRAST) == []
    assert browser.troubles == []
    assert browser.picture(f"estimate-{width}-{scheme}").startswith(b"\x89PNG")


@pytest.mark.parametrize("width", [1200, 390])
def test_no_label_of_a_plot_is_cut_or_too_small(browser, address, width):
    browser.open(address, width)
    labels = browser.run(LABELS)

    assert {"00h", "21h"} < {one["words"] for one in labels}
    assert [one for one in labels if not one["inside"] or one["height"] < LEGIBLE] == []
