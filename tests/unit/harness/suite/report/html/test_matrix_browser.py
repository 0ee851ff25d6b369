"""The matrix in a real browser: a wide table scrolls within itself and is legible everywhere."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.report.html.matrix import RunSummary
from adsmock.harness.suite.report.html.matrix import render as matrix
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST

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
