"""The dashboard in a real browser: it lives, fits every screen and is legible in light and dark."""

from threading import Thread

import pytest
from werkzeug.serving import make_server

from adsmock.mockserver.control.application import Settings, create_application
from tests.browser.chromium import IN_BROWSER
from tests.browser.page_checks import CONTRAST, OUTSIDE
from tests.unit.mockserver.control.fixtures import URLS, ControlFixture
from tests.unit.mockserver.fixtures import campaign, create_server

pytestmark = IN_BROWSER

ROWS = "document.querySelectorAll('#journal tr').length"


@pytest.fixture
def served():
    home = create_server()
    app = create_application(home.runtime, Settings(urls=URLS))
    control = ControlFixture(home, app.test_client())
    control.do("throttle.put", {"pressure": {"NA": 0.5}})
    storm = {"effect": {"kind": "http", "status": 429}, "match": {"operation": ["sp.*.create"]}}
    control.do("faults.put", storm | {"when": {"probability": 0.5}}, fault="storm")
    for number in range(12):
        home.call("/sp/campaigns", {"campaigns": [campaign(str(number))]})
    home.call("/sp/nothing", {})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield control, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def show(browser, address, width=1200, scheme="light"):
    feature = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.ask("Emulation.setEmulatedMedia", features=feature)
    browser.ask(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=900,
        deviceScaleFactor=1,
        mobile=width < 600,
    )
    browser.troubles.clear()
    browser.requested.clear()
    browser.ask("Page.navigate", url=address)
    until(browser, f"document.querySelectorAll('.bucket').length > 0 && {ROWS} >= 14")


def until(browser, condition):
    """Let the page itself look until the condition is true."""
    script = (
        "new Promise((done, fail) => { let left = 200; const look = () => "
        f"({condition}) ? done(true) : (left -= 1) ? setTimeout(look, 50) "
        ": fail(new Error('never came true')); look(); })"
    )
    answer = browser.ask("Runtime.evaluate", expression=script, awaitPromise=True)
    assert "exceptionDetails" not in answer, (condition, answer)


@pytest.mark.parametrize(
    ("width", "scheme"), [(1200, "light"), (1200, "dark"), (768, "light"), (360, "dark")]
)
def test_the_page_lives_is_quiet_legible_and_fits(browser, served, width, scheme):
    _, address = served
    show(browser, address, width, scheme)
    assert browser.run("document.documentElement.scrollWidth") <= width
    outside = OUTSIDE.replace("WIDTH", str(width)).replace("pre, ", "pre, .scroll, ")
    assert browser.run(outside) == []
    assert browser.run(CONTRAST) == []
    assert browser.troubles == []
    assert {url.partition("?")[0].startswith((address, "data:")) for url in browser.requested} == {
        True
    }
    assert browser.picture(f"dashboard-{width}-{scheme}").startswith(b"\x89PNG")


def test_calls_appear_and_buttons_work(browser, served):
    control, address = served
    show(browser, address)
    before = browser.run(ROWS)
    control.server.call("/sp/campaigns/list", {})
    until(browser, f"{ROWS} === {before + 1}")
    browser.run("document.querySelector('[data-seconds=\"3600\"]').click()")
    until(browser, "document.getElementById('now').textContent.includes('13:00:00')")
    browser.run("document.getElementById('clear').click()")
    until(browser, "!document.getElementById('no-faults').hidden")
    assert control.do("faults.list") == {"faults": []}
    assert browser.troubles == []


def test_a_name_cannot_become_markup(browser, served):
    control, address = served
    control.server.send("GET", "/<img src=x onerror=alert(1)>", b"", control.server.headers())
    show(browser, address)
    until(browser, "document.getElementById('journal').textContent.includes('<img')")
    assert browser.run("document.querySelectorAll('#journal img').length") == 0
