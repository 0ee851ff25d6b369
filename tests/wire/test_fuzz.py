"""Raw inputs on every port: no unplanned 500, no traceback in the log, nothing that hangs."""

import asyncio
import json
import os
import re
import ssl
import subprocess
import sys
from collections import Counter

import pytest
import requests
from hypothesis import settings

from adsmock.mockserver.core.clock import monotonic
from tests.wire.raw_inputs import RawInputs

FEW, MANY = 5_000, 100_000
THOROUGH = 5_000
"""Examples of the profile ``deep``."""
CONNECTIONS = 40
QUIET_SECONDS = 0.03
"""After so long without bytes the client has sent all that it will send."""
HANG_SECONDS = 120.0
"""More than any reply takes: demo data takes some seconds, on a slow machine five times as many."""
PLANNED = {501, 503}
"""At most four streams at once, and listeners without free ports or certificates."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    log = tmp_path_factory.mktemp("fuzz") / "log"
    options = ["--port", "0", "--announce", "json", "--tls", "--journal", "full"]
    limits = ["--head-seconds", "5", "--body-seconds", "2", "--max-sandboxes", "50"]
    words = [sys.executable, "-m", "adsmock.mockserver", "serve", *options, *limits]
    with (
        log.open("wb") as errors,
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            yield json.loads(process.stdout.readline()), log
        finally:
            process.terminate()


def ports_of(where):
    """Return the eight ports, each with whether it is the control plane's and has TLS."""
    urls = [each["ads"] for each in where["regions"].values()]
    urls += [where[name] for name in ("main", "storage", "control")]
    urls += [where["secure"]["tls"], where["secure"]["proxy"]]
    return [
        (int(url.rsplit(":", 1)[1]), url == where["control"], url.startswith("https"))
        for url in urls
    ]


def credentials(where):
    """Return the header lines of a client of the sandbox ``fuzz``."""
    made = requests.post(
        f"{where['control']}/_mock/v1/sandboxes", json={"id": "fuzz", "journal": "full"}, timeout=60
    ).json()
    requests.post(f"{where['control']}/_mock/v1/sandboxes", json={"id": "other"}, timeout=60)
    client = made["client"]
    form = {
        "grant_type": "refresh_token",
        "client_id": client["clientId"],
        "client_secret": client["clientSecret"],
        "refresh_token": client["refreshToken"],
    }
    token = requests.post(f"{where['main']}/auth/o2/token", data=form, timeout=60).json()
    return (
        f"Authorization: Bearer {token['access_token']}",
        f"Amazon-Advertising-API-ClientId: {client['clientId']}",
        f"Amazon-Advertising-API-Scope: {made['profiles'][0]['profileId']}",
    )


class Fuzz:
    """Sends inputs and keeps what is wrong: the number of the input and its reply."""

    def __init__(self, inputs, ports):
        self.inputs, self.ports = inputs, ports
        self.statuses, self.wrong = Counter(), []
        self._context = ssl.create_default_context()
        self._context.check_hostname, self._context.verify_mode = False, ssl.CERT_NONE

    async def run(self, count):
        numbers = iter(range(count))
        await asyncio.gather(*(self._worker(numbers) for _ in range(CONNECTIONS)))

    async def _worker(self, numbers):
        for number in numbers:
            port, is_control, is_secure = self.ports[number % len(self.ports)]
            raw = self.inputs.make(number, is_control=is_control)
            try:
                async with asyncio.timeout(HANG_SECONDS):
                    seen = await self._exchange(port, is_secure, raw)
            except TimeoutError:
                self.wrong.append((number, port, "hangs"))
            else:
                self._judge(number, port, seen)

    def _judge(self, number, port, seen):
        for status in map(int, re.findall(rb"HTTP/1\.1 (\d\d\d) ", seen)):
            self.statuses[status] += 1
            if status >= 500 and status not in PLANNED:
                self.wrong.append((number, port, seen[:300]))

    async def _exchange(self, port, is_secure, raw):
        context = self._context if is_secure else None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        except OSError:
            return b""
        seen = b""
        try:
            writer.write(raw)
            while part := await self._read(reader):
                seen += part
            if not is_secure:
                writer.write_eof()
                while part := await reader.read(65_536):
                    seen += part
        except OSError:
            pass
        finally:
            writer.transport.abort()
        return seen

    async def _read(self, reader):
        """Return the next bytes, none at the end or after a while without any."""
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                return await reader.read(65_536)
        except TimeoutError:
            return b""


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_no_raw_input_brings_the_server_down(server, request, capsys):
    where, log = server
    seed = os.environ.get("ADSMOCK_FUZZ_SEED") or request.config.getoption("randomly_seed", 0)
    count = MANY if settings().max_examples >= THOROUGH else FEW
    fuzz = Fuzz(RawInputs(seed, credentials(where)), ports_of(where))
    begun = monotonic()
    asyncio.run(fuzz.run(count))
    with capsys.disabled():
        summary = f"\nfuzz: {count} inputs, {monotonic() - begun:.0f} s, ADSMOCK_FUZZ_SEED={seed}: "
        sys.stdout.write(summary + str(dict(sorted(fuzz.statuses.items()))) + "\n")
    assert fuzz.wrong == []
    assert "Traceback" not in log.read_text()
    assert requests.get(f"{where['control']}/_mock/v1/ready", timeout=60).status_code == 200
    for form in ("json", "har", "ndjson"):
        url = f"{where['control']}/_mock/v1/sandboxes/fuzz/journal"
        assert requests.get(url, params={"format": form}, timeout=60).status_code in (200, 404)
