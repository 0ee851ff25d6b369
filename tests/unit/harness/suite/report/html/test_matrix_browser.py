"""The matrix in a real browser: a wide table scrolls within itself and is legible everywhere."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.report.html.matrix import RunSummary
from adsmock.harness.suite.report.html.matrix import render as matrix
from tests.browser.axe.check import serious
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST
from tests.unit.harness.suite.report.html.choosing import choose

pytestmark = IN_BROWSER


BROKEN = """
[...document.querySelectorAll("tbody .who")].flatMap((cell) => {
  const found = [], walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const word of node.data.matchAll(/[A-Za-z0-9]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (range.getClientRects().length > 1) found.push(word[0]);
    }
  }
  return found;
})
"""


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark"), (360, "light")])
def test_matrix_scrolls_within_itself_and_is_legible(browser, tmp_path, width, scheme):
    cases = list(load().values())
    words = ("PASS", "FAIL", "WARN", "UNPROVEN", "N/A", "INFO", "ERROR", "INCONCLUSIVE")
    clients = [
        RunSummary(
            f"mutant:{name}",
            "exact",
            "pass",
            {one.id: words[(at * at + row) % 8] for at, one in enumerate(cases)},
            note="does one thing wrong on purpose, and says so in a sentence",
        )
        for row, name in enumerate(("no-retry", "no-jitter", "blind-resend", "deaf"))
    ]
    page = tmp_path / "matrix.html"
    page.write_text(matrix("Kill matrix", "4 of 4 clients are caught.", clients, cases), "utf-8")
    browser.troubles.clear()
    browser.open(page.as_uri(), width, scheme)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run("document.querySelector('.scroll').scrollWidth") > width
    assert browser.run(CONTRAST) == []
    assert browser.run(BROKEN) == [], "no name is broken within a word"
    assert browser.troubles == []
    assert browser.picture(f"matrix-{width}-{scheme}").startswith(b"\x89PNG")


def test_filters_leave_out_rows_and_columns_and_keep_them_aligned(browser, tmp_path):
    cases = list(load().values())
    statuses = {one.id: "PASS" for one in cases}
    clients = [
        RunSummary("one", "exact", "pass", statuses | {"T01": "FAIL"}),
        RunSummary("two", "exact", "pass", statuses, link="report.html"),
    ]
    page = tmp_path / "matrix.html"
    page.write_text(matrix("Kill matrix", "", clients, cases), "utf-8")
    browser.open(page.as_uri())
    assert serious(browser) == []
    shown = """[...document.querySelectorAll('.grid tr:not([hidden])')].map((row) =>
        [...row.children].filter((cell) => !cell.hidden).length)"""
    choose(browser, "by-area", "throttling")
    throttling = sum(one.area == "throttling" for one in cases)
    assert browser.run(shown) == [3, 2 + throttling, 2 + throttling, 2 + throttling]
    choose(browser, "by-status", "FAIL")
    assert browser.run(shown) == [3, 3, 3]
    assert browser.run("document.querySelector('.found').textContent") == "clients: 1, cases: 1"
    browser.run("document.getElementById('clear').click()")
    choose(browser, "search", "TWO")
    assert browser.run(shown)[2:] == [2 + len(cases)]
    assert browser.troubles == []
