"""The report in a real browser: no errors, no sideways scrolling, legible in light and dark."""

from pathlib import Path
from typing import Any

import pytest

from adsmock.harness.suite.report.html.document import render
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE

pytestmark = IN_BROWSER


@pytest.fixture
def address(sample: tuple[dict[str, Any], list[dict[str, Any]]], tmp_path: Path) -> str:
    page = tmp_path / "report.html"
    page.write_text(render(*sample), encoding="utf-8")
    return page.as_uri()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(1200, "light"), (1200, "dark"), (768, "light"), (360, "light"), (360, "dark")],
)
def test_report_is_quiet_and_fits_every_screen(browser, address, width, scheme):
    browser.troubles.clear()
    browser.open(address, width, scheme)
    browser.run("for (const node of document.querySelectorAll('details')) node.open = true")
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run(OUTSIDE.replace("WIDTH", str(width))) == []
    assert browser.run(CONTRAST) == []
    assert browser.troubles == []
    assert browser.picture(f"all-{width}-{scheme}").startswith(b"\x89PNG")


def test_measures_see_poor_text_and_what_is_too_wide(browser, address):
    browser.open(address, 360)
    browser.run(
        "const poor = document.body.appendChild(document.createElement('p'));"
        "poor.textContent = 'pale'; poor.className = 'pale'; poor.style.color = '#ccc';"
        "poor.style.width = '500px'"
    )
    assert [name for name, _ in browser.run(CONTRAST)] == ["pale"]
    assert browser.run(OUTSIDE.replace("WIDTH", "360")) == ["P.pale"]
    assert browser.run("document.documentElement.scrollWidth") > 360


def test_report_loads_nothing_from_elsewhere(browser, address):
    browser.requested.clear()
    browser.open(address)
    assert {url.split(":", 1)[0] for url in browser.requested} <= {"file", "about", "data"}
    assert [url for url in browser.requested if url.startswith("file")] == [address]


def test_hostile_text_does_not_run(browser, sample, tmp_path):
    run, journal = sample
    breach = "document.title='broken in'"
    attack = f'</script></style><img src=x onerror="{breach}"><script>{breach}</script>'
    run["hint"] = run["cases"][0]["claim"] = journal[0]["path"] = attack
    page = tmp_path / "hostile.html"
    page.write_text(render(run, journal), encoding="utf-8")
    browser.open(page.as_uri())
    assert browser.run("document.title").startswith("Not conformant")
    assert browser.run("document.querySelectorAll('img, script').length") == 1


def test_an_address_unfolds_the_row_it_names(browser, address):
    browser.open(f"{address}#row-T01-6")
    assert browser.run("document.getElementById('row-T01-6').open")
    assert browser.run("document.activeElement.closest('details').id") == "row-T01-6"


def test_a_mark_in_the_timeline_leads_to_its_row(browser, address):
    browser.open(address)
    browser.run(
        "document.querySelector('#case-T01 .mark[data-seq=\"6\"] use')"
        ".dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    assert browser.run("location.hash") == "#row-T01-6"


def test_cases_that_need_no_review_can_be_left_out(browser, address):
    browser.open(address)
    browser.run("document.querySelector('[data-show=look]').click()")
    assert browser.run("document.getElementById('case-T01').hidden") is False
    assert browser.run("document.getElementById('case-Z00').hidden") is True


def test_keyboard_reaches_the_cases_and_folds_them(browser, address):
    browser.open(address)
    browser.press("Tab", 9)
    assert browser.run("document.activeElement.className") == "skip"
    browser.run("document.querySelector('#case-Z00 > summary').focus()")
    browser.press("Enter", 13)
    assert browser.run("document.getElementById('case-Z00').open") is True
