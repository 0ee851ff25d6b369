"""The report in a real browser: no errors, no sideways scrolling, legible in light and dark.

Speaks the DevTools protocol over Chromium's own pipe, so nothing but the browser is needed.
Set ADSMOCK_SCREENSHOTS to a directory to keep the pictures that the tests take.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from adsmock.harness.suite.report.html.document import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="NO BROWSER: install chromium, or the report goes unseen"
    ),
]

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]

# WCAG contrast of every piece of visible text against its background.
CONTRAST = """
(() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const rgba = (text) => {
    if (!known.has(text)) known.set(text, measure(text));
    return known.get(text);
  };
  const measure = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const color = rgba(getComputedStyle(node).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility?.()) continue;
    if (node.closest("script, .hear, title, .skip")) continue;
    const style = getComputedStyle(node);
    const ink = node instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(rgba(ink)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push([node.className.baseVal ?? node.className, ratio.toFixed(2)]);
  }
  return poor;
})()
"""

OUTSIDE = """
[...document.body.querySelectorAll("*")].filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width && box.right > WIDTH + 1 && !node.closest("pre, .hear, .sprite");
}).map((node) => node.tagName + "." + (node.className.baseVal ?? node.className)).slice(0, 20)
"""


class Browser:
    """One headless Chromium with one page, driven over its pipe."""

    def __init__(self, home: Path) -> None:
        to_child, self._out = os.pipe()
        self._in, from_child = os.pipe()

        # The protocol wants descriptors 3 and 4; a shell puts ours there.
        place = f'exec "$@" 3</dev/fd/{to_child} 4>/dev/fd/{from_child}'
        self._process = subprocess.Popen(
            ["sh", "-c", place, "sh", str(CHROMIUM), *FLAGS, f"--user-data-dir={home}"],
            pass_fds=(to_child, from_child),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        self._buffer = b""
        self._count = 0
        self._session: str | None = None
        self.troubles: list[str] = []
        self.requested: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._out)
        self._process.terminate()
        self._process.wait(10)
        os.close(self._in)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the result of a command, noting what the page complains about meanwhile."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._in, 1 << 16)
            assert chunk, "the browser went away"
            self._buffer += chunk
        raw, self._buffer = self._buffer.split(b"\0", 1)
        message: dict[str, Any] = json.loads(raw)
        self._note(message)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        method = message.get("method", "")
        if method in {"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"}:
            self.troubles.append(json.dumps(message["params"])[:400])
        if method == "Network.requestWillBeSent":
            self.requested.append(message["params"]["request"]["url"])

    def open(self, address: str, width: int = 1200, scheme: str = "light") -> None:
        feature = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", features=feature)
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=address)
        while self._next().get("method") != "Page.loadEventFired":
            pass
        while self.run("document.readyState + location.protocol") != "completefile:":
            pass

    def run(self, script: str) -> Any:
        """Return what a script evaluates to."""
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, key: str, code: int) -> None:
        for kind in ("rawKeyDown", "char", "keyUp"):
            text = "\r" if key == "Enter" and kind == "char" else ""
            if kind == "char" and not text:
                continue
            self.ask(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, text=text
            )

    def picture(self, name: str) -> bytes:
        """Return what is in view as PNG; the whole page, as a file, when pictures have a place."""
        place = os.environ.get("ADSMOCK_SCREENSHOTS")
        data = self.ask("Page.captureScreenshot", captureBeyondViewport=bool(place))["data"]
        png = base64.b64decode(data)
        if place:
            Path(place).mkdir(parents=True, exist_ok=True)
            (Path(place) / f"{name}.png").write_bytes(png)
        return png


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium")) as open_browser:
        yield open_browser


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
