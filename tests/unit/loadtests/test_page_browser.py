"""The page of a rehearsal in a real browser: it fits every screen, and all of it can be read."""

import pytest

from adsmock.loadtests.page import render
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE
from tests.unit.loadtests.outcome import judged, outcome, report

pytestmark = IN_BROWSER

DRAWN = """
[...document.querySelectorAll(".canvas svg")].map((plot) => {
  const paths = [...plot.querySelectorAll("path")].map((path) => path.getBBox());
  return paths.some((box) => box.width > 0 && box.height > 0);
})
"""
NAMES_INSIDE = """
[...document.querySelectorAll(".up li, .across li")].filter((label) => {
  const box = label.getBoundingClientRect();
  const plot = label.closest(".plot").getBoundingClientRect();
  return box.left < plot.left || box.right > plot.right;
}).map((label) => label.textContent)
"""


def outside(width):
    """Look for what hangs out of the page; the long tables of the curves scroll in their place."""
    return OUTSIDE.replace("WIDTH", str(width)).replace("pre,", "details .scroll *,")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    file = tmp_path_factory.mktemp("load") / "report.html"
    seen = outcome(accepted=990, throttled=400, failed=30)
    file.write_text(render(report(seen, judged=judged())), "utf-8")
    return file.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_page_fits_is_legible_and_its_plots_are_drawn(browser, address, width, scheme):
    browser.troubles.clear()
    browser.open(address, width, scheme)

    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run(outside(width)) == []
    assert browser.run(CONTRAST) == []
    assert browser.run(NAMES_INSIDE) == []
    drawn = browser.run(DRAWN)
    assert len(drawn) == 5
    assert all(drawn[:2])
    assert browser.troubles == []
    assert browser.picture(f"load-{width}-{scheme}").startswith(b"\x89PNG")


def test_a_curve_can_be_read_as_a_table(browser, address):
    browser.open(address, 390, "light")
    rows = "document.querySelectorAll('#load-na details tbody tr').length"
    assert browser.run(rows) == 60
    browser.run("document.querySelector('#load-na summary').click()")
    assert browser.run("document.documentElement.scrollWidth") <= 390
