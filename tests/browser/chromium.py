"""A headless Chromium for tests that look at pages.

Speaks the DevTools protocol over Chromium's own pipe, so nothing but the browser is needed.
Set ADSMOCK_SCREENSHOTS to a directory to keep the pictures that the tests take. ``make images``
sets ADSMOCK_IMAGES, and then the tests write the pictures of the documentation.
"""

import base64
import json
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from adsmock.harness.client.clock import SystemClock
from tests.architecture.repository import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

NEEDS_BROWSER = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: install chromium, or nobody looks at this page"
)
IN_BROWSER = [pytest.mark.slow, NEEDS_BROWSER]
"""The marks of a module whose tests need a browser: ``pytestmark = IN_BROWSER``."""

IMAGES = ROOT / "docs" / "images"

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
        self._process.wait(60)
        os.close(self._in)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the result of a command, noting what the page complains about meanwhile."""
        answer = self._send(method, **parameters)
        assert "error" not in answer, answer
        return dict(answer["result"])

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                return answer

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

    def wait(self, condition: str, seconds: float = 120.0) -> None:
        """Look until a condition in JavaScript is true, also while pages come and go."""
        clock = SystemClock()
        end = clock.now() + seconds
        while clock.now() < end:
            is_true = f"Boolean({condition})"  # a node itself cannot be returned by value
            answer = self._send("Runtime.evaluate", expression=is_true, returnByValue=True)
            if answer.get("result", {}).get("result", {}).get("value"):
                return
            clock.sleep(0.05)
        raise AssertionError(f"never came true: {condition}")

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

    def illustrate(self, name: str, height: int = 900, selector: str = "body") -> None:
        """Compare the size of a picture of the documentation; with ADSMOCK_IMAGES, write it.

        The picture shows ``height`` pixels of the page that is open, from the top of an element.
        """
        width = self.run("innerWidth")
        top = self.run(f"document.querySelector('{selector}').getBoundingClientRect().y + scrollY")
        file = IMAGES / name
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        data = self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        png = base64.b64decode(data)
        if os.environ.get("ADSMOCK_IMAGES"):
            file.write_bytes(png)
        assert file.is_file(), f"{file} is missing: run make images"
        sizes = [struct.unpack(">II", each[16:24]) for each in (png, file.read_bytes())]
        assert sizes[0] == sizes[1], f"{file} has another size: run make images"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests of a module."""
    with Browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened
