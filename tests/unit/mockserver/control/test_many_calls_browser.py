"""The dashboard with ten thousand calls and two hundred sandboxes, in a real browser."""

from adsmock.mockserver.core.journal import Entry
from tests.browser.chromium import IN_BROWSER
from tests.unit.mockserver.control.test_page_browser import (
    COUNTED,
    ROWS,
    fill,
    served,
    show,
    until,
)

pytestmark = IN_BROWSER

__all__ = ["served"]

MANY = 10_000


def add_calls(journal, number):
    for place in range(number):
        status = 429 if place % 7 == 0 else 200
        entry = Entry("POST", "/sp/campaigns/list", float(place), operation="sp.campaigns.list")
        entry.region, entry.status, entry.c_arrive = "NA", status, 1_782_907_200.0 + place
        entry.chain = f"{place // 3:016x}"
        journal.open(entry)
        entry.ended, entry.t_end = "complete", place + 0.001
        journal.close(entry)


def test_ten_thousand_calls_and_two_hundred_sandboxes_stay_light(browser, served):
    control, address = served
    for number in range(200):
        control.another(f"team-{number:03}")
    add_calls(control.sandbox.journal, MANY)
    show(browser, f"{address}#sandbox=t1", until_true=f"{COUNTED} === '10,007 calls'")
    assert browser.run(ROWS) < 100  # only what is in view is in the document
    assert browser.run("document.querySelectorAll('*').length") < 2500
    assert browser.run("document.documentElement.scrollHeight") <= 900
    # However many calls there are: two streams (the sandboxes, then the calls of one), and health.
    asked = [url for url in browser.requested if "/_mock/" in url]
    assert len(asked) <= 4, asked
    fill(browser, ".filters select", "429")
    until(browser, f"{COUNTED}.startsWith('1,432 of 10,007')")
    size = browser.run("performance.memory.usedJSHeapSize")
    add_calls(control.sandbox.journal, 3 * MANY)
    fill(browser, ".filters select", "")
    until(browser, f"{COUNTED}.startsWith('20,000 calls')")
    assert browser.run("performance.memory.usedJSHeapSize") < size + (128 << 20)
    fill(browser, "#sandbox-filter", "team-11")
    assert (
        browser.run(
            "[...document.querySelectorAll('nav li')].filter((each) => !each.hidden).length"
        )
        == 10
    )
    assert not [url for url in browser.requested if url.endswith("/sandboxes")]
    assert browser.troubles == []
