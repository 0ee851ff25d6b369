"""The list of the dashboard next to an open call, in a real browser."""

import pytest

from tests.browser.chromium import IN_BROWSER
from tests.unit.mockserver.control.test_page_browser import ROWS, served, show, until

pytestmark = IN_BROWSER

__all__ = ["served"]


def test_a_207_with_failures_looks_different(browser, served):
    _, address = served
    show(browser, address)
    chips = (
        "[...document.querySelectorAll('.grid-body [data-seq=\"{}\"] .chip')]"
        ".map((each) => each.className + each.textContent)"
    )
    assert browser.run(chips.format(5)) == ["chip good207"]
    assert browser.run(chips.format(6)) == ["chip warn207", "chip warn1 of 2 failed"]
    browser.run("location.hash = 'sandbox=t1&call=6'")
    until(
        browser,
        "document.querySelector('#call').textContent.includes('1 item succeeded, 1 failed')",
    )
    text = browser.run("document.querySelector('#call').textContent")
    assert "It was answered, and 1 of 2 items failed." in text
    assert "It succeeded" not in text


@pytest.mark.parametrize(("width", "columns"), [(1440, 4), (2560, 9)])
def test_a_wide_screen_shows_all_columns_next_to_an_open_call(browser, served, width, columns):
    _, address = served
    call = f"{address}#sandbox=t1&call=3"
    show(browser, call, width, until_true=f"document.querySelector('#call h2') && {ROWS} === 7")
    shown = "[...document.querySelectorAll('.grid-head span')].filter((each) => each.offsetWidth)"
    assert browser.run(f"{shown}.length") == columns
    assert browser.run("document.querySelector('.grid').scrollWidth") <= browser.run(
        "document.querySelector('.grid').clientWidth"
    )
