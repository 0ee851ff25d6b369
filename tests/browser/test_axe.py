"""The check of accessibility notices what it has to notice, also under a strict policy."""

from adsmock.charts.assets import policy
from tests.browser.axe.check import findings, serious
from tests.browser.chromium import IN_BROWSER

pytestmark = IN_BROWSER

PAGE = """<!doctype html><html lang="en"><head><title>a page</title>
<meta http-equiv="Content-Security-Policy" content="{policy}"></head>
<body><main><h1>A page</h1><p>A text.</p>{more}</main></body></html>"""


def write(folder, more=""):
    file = folder / "page.html"
    file.write_text(PAGE.format(policy=policy(), more=more), encoding="utf-8")
    return file.as_uri()


def test_a_plain_page_has_no_finding(browser, tmp_path):
    browser.open(write(tmp_path))
    assert findings(browser) == []


def test_an_input_without_a_label_is_found(browser, tmp_path):
    browser.open(write(tmp_path, '<input type="text">'))
    (found,) = serious(browser)
    assert found.startswith("label (critical)")
    assert '<input type="text">' in found
