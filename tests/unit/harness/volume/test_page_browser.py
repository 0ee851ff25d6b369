"""The page of an estimate in a real browser: it fits every screen, and its charts can be read."""

from pathlib import Path

import pytest

from adsmock.contracts.loader import load
from adsmock.harness.config_file import read
from adsmock.harness.volume import document, html_page
from adsmock.harness.volume.estimate import estimate
from adsmock.harness.volume.plan import parse_plan
from tests.browser.axe.check import serious
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    plan = parse_plan(read(Path("harness/volume/plans/agency.toml"), "plan").values)
    file = tmp_path_factory.mktemp("estimate") / "estimate.html"
    file.write_text(html_page.render(document.of_estimate(estimate(plan, load()))), "utf-8")
    return file.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "light"), (390, "dark")])
def test_estimate_is_quiet_fits_is_legible_and_accessible(browser, address, width, scheme):
    browser.troubles.clear()
    browser.open(address, width, scheme)

    assert browser.run("document.documentElement.scrollWidth") <= width
    outside = OUTSIDE.replace("WIDTH", str(width)).replace("pre,", "details .scroll *,")
    assert browser.run(outside) == []
    assert browser.run(CONTRAST) == []
    assert (width, scheme) == (390, "light") or serious(browser) == []  # it takes seconds
    assert browser.troubles == []
    assert browser.picture(f"estimate-{width}-{scheme}").startswith(b"\x89PNG")


def test_charts_are_drawn_and_show_the_calls_of_an_hour(browser, address):
    browser.open(address)
    assert browser.run("document.querySelectorAll('.uplot canvas').length") == 6
    browser.run("document.querySelector('#calls-na-demand .chart-plot').focus()")
    for key, code in (("Home", 36), ("ArrowRight", 39), ("ArrowRight", 39)):
        browser.press(key, code)
    read = "document.querySelector('#calls-na-demand {}').textContent"
    assert browser.run(read.format(".chart-place")) == "02:00 UTC"
    row = browser.run(
        "[...document.querySelectorAll('#calls-na-demand tbody tr')[2].cells]"
        ".map((cell) => cell.textContent)"
    )
    reports = browser.run(read.format(".chart-legend li:nth-child(4)"))
    assert row[0] == "02:00"
    assert row[4] == reports.removeprefix("reports ") + ".0"
