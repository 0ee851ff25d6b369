"""Accessibility of the page that is open, as axe-core judges it.

>>> assert serious(browser) == []
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.browser.chromium import Browser

SOURCE = Path(__file__).with_name("axe.min.js")

IMPACTS = ("serious", "critical")

RUN = """
axe.run(document, {resultTypes: ["violations"]}).then((found) => JSON.stringify(
  found.violations.map(({id, impact, help, nodes}) =>
    ({id, impact, help, nodes: nodes.map((node) => [node.target.join(" "), node.html])}))))
"""


@cache
def source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def findings(browser: Browser) -> list[dict[str, Any]]:
    """Return all violations on the page, with the places of each."""
    # Scripts of the protocol run in the page, whatever policy it has.
    browser.ask("Runtime.evaluate", expression=source())
    answer = browser.ask("Runtime.evaluate", expression=RUN, awaitPromise=True, returnByValue=True)
    assert "exceptionDetails" not in answer, answer
    found: list[dict[str, Any]] = json.loads(answer["result"]["value"])
    return found


def serious(browser: Browser) -> list[str]:
    """Return the serious and critical violations, one line for each place."""
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {place}: {html[:200]}"
        for each in findings(browser)
        if each["impact"] in IMPACTS
        for place, html in each["nodes"]
    ]
