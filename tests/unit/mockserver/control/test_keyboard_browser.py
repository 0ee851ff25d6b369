"""The dashboard by keyboard alone: every stop of the Tab key is seen, and Escape leads back."""

import pytest

from tests.browser.chromium import IN_BROWSER
from tests.unit.mockserver.control.test_page_browser import served, show, until

pytestmark = IN_BROWSER

__all__ = ["served"]

CODES = {
    "Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36,
    "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40,
}  # fmt: skip

# The element with the focus: what names it, and whether one sees that it has the focus.
STOP = """
(() => {
  const node = document.activeElement, box = node.getBoundingClientRect();
  const ring = getComputedStyle(node);
  return {
    name: node.id || node.className || node.textContent,
    isSeen: ring.outlineStyle === "solid" && parseFloat(ring.outlineWidth) >= 2
      && box.width > 0 && box.left >= 0 && box.right <= innerWidth
      && box.bottom > 0 && box.top < innerHeight,
  };
})()
"""


def press(browser, *keys):
    for key in keys:
        browser.press(key, CODES[key])


def focused(browser):
    return browser.run("document.activeElement.id || document.activeElement.className")


def go_to(browser, name, most=60):
    """Press Tab until an element has the focus; return the stops, of which each must be seen."""
    stops = []
    for _each in range(most):
        press(browser, "Tab")
        stop = browser.run(STOP)
        assert stop["isSeen"], stop
        stops.append(stop["name"])
        if stop["name"] == name:
            return stops
    raise AssertionError(f"Tab never reached {name}: {stops}")


@pytest.mark.parametrize("width", [1440, 2560])
def test_every_stop_is_seen_and_the_first_one_skips_the_sandboxes(browser, served, width):
    _, address = served
    show(browser, address, width)
    assert go_to(browser, "skip") == ["skip"]
    stops = go_to(browser, "grid")
    assert stops[0] == "sandbox-filter"
    assert stops.index("tab-journal") < stops.index("pause") < stops.index("export-har")
    assert [each for each in stops if each.startswith("tab-")] == ["tab-journal"]

    show(browser, address, width)
    go_to(browser, "skip")
    press(browser, "Enter")
    assert focused(browser) == "main"
    assert go_to(browser, "tab-journal") == ["tab-journal"]


def test_a_call_is_opened_read_and_closed(browser, served):
    _, address = served
    show(browser, address)
    until(browser, "document.querySelector('#strip .time').textContent")  # the state has arrived
    go_to(browser, "grid")
    is_open = "location.hash.includes('call=6') && document.querySelector('#call h2')"
    is_closed = "document.getElementById('call').hidden && !location.hash.includes('call=')"
    press(browser, "ArrowDown", "ArrowDown", "Enter")
    until(browser, is_open)
    press(browser, "Escape")  # the list kept the focus
    until(browser, is_closed)
    press(browser, "Enter")
    until(browser, is_open)
    assert "copy-curl" in go_to(browser, "close-call")
    press(browser, "Escape")
    until(browser, f"{is_closed} && document.activeElement.className === 'grid'")
    press(browser, "ArrowDown", "Enter")
    until(browser, "location.hash.includes('call=5')")


def test_tabs_take_arrows_and_home_and_end(browser, served):
    _, address = served
    show(browser, address)
    go_to(browser, "tab-journal")
    for key, tab in (
        ("ArrowRight", "connect"),
        ("End", "runs"),
        ("ArrowRight", "journal"),
        ("ArrowLeft", "runs"),
        ("Home", "journal"),
    ):
        press(browser, key)
        until(browser, f"!document.getElementById('panel-{tab}').hidden")
        assert focused(browser) == f"tab-{tab}"


def test_a_rule_is_written_saved_and_deleted(browser, served):
    control, address = served
    control.do("faults.clear")
    rules = "document.querySelector('#rules').textContent"
    show(browser, f"{address}#panel=faults", until_true=f"{rules} === 'No fault is planned.'")
    go_to(browser, "add-rule")
    press(browser, "Enter")
    until(browser, "document.activeElement.id === 'rule-id'")
    press(browser, "Escape")
    assert focused(browser) == "add-rule"
    press(browser, "Enter")
    until(browser, "document.activeElement.id === 'rule-id'")
    browser.ask("Input.insertText", text="ours")
    go_to(browser, "save-rule")
    press(browser, "Enter")
    until(browser, f"{rules}.includes('ours')")
    assert focused(browser) == "add-rule"
    assert [row["id"] for row in control.do("faults.list")["faults"]] == ["ours"]
    until(browser, "document.querySelector('[data-rule=\"delete ours\"]')")
    for _each in range(12):
        press(browser, "Tab")
        if browser.run("document.activeElement.dataset.rule") == "delete ours":
            break
    press(browser, "Enter")
    until(browser, f"{rules} === 'No fault is planned.'")
    assert focused(browser) == "add-rule"
