"""A shell session for one page: folder, variables and a running mock last to its end."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

FIRST_PORT = 9080

RECEIVER = "127.0.0.1:8000"
"""Where programs of pages listen; another port takes its place."""

SECONDS = 170
"""Time limit of one command."""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Session:
    """Runs commands one after another in one folder, with the environment of the tests first."""

    def __init__(self, folder):
        self.folder = folder
        self.said = ""
        self._mocks = []
        port = free_port()
        self._addresses = {RECEIVER: f"127.0.0.1:{port}"}
        self._state = folder / ".session"
        self._state.write_text(f"cd {shlex.quote(str(folder))}\n", "utf-8")
        self._variables = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "80",
            "PORT": str(port),
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for mock in self._mocks:
            mock.send_signal(signal.SIGTERM)
            mock.communicate(timeout=SECONDS)

    @property
    def current(self):
        """The folder that the last command left."""
        return Path(self.run("pwd", keep=False).strip())

    def write(self, name, text):
        """Write a file into the current folder."""
        path = self.current / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def insert(self, name, mark, text):
        """Insert lines into a file before the first line that contains a mark."""
        path = self.current / name
        lines = path.read_text("utf-8").splitlines(keepends=True)
        place = next(number for number, line in enumerate(lines) if mark in line)
        lines.insert(place, text + "\n")
        path.write_text("".join(lines), "utf-8")

    def run(self, line, code=0, *, keep=True, text=None):
        """Run one command, check its exit code and return its standard output.

        Folder and exported variables carry over to the next one.
        """
        if line.startswith("adsmock serve"):
            return self._serve(line)
        for usual, actual in self._addresses.items():
            line = line.replace(usual, actual)
        script = f". {self._state}\nset -ae\n{line}\n"
        if keep and code == 0:
            script += f'{{ export -p; echo "cd \\"$PWD\\""; }} > {self._state}\n'
        done = subprocess.run(
            ["sh", "-c", script],
            capture_output=True,
            text=True,
            input=text or "",
            timeout=SECONDS,
            check=False,
            env=self._variables,
        )
        assert done.returncode == code, f"$ {line}\n{done.stdout}\n{done.stderr}"
        if keep:
            self.said = done.stdout
        return done.stdout

    def _serve(self, line):
        """Start a mock on free ports; later commands find it in place of the usual ports."""
        line = line.replace(RECEIVER, self._addresses[RECEIVER])
        words = [*shlex.split(line)[1:], "--port", "0", "--announce", "json"]
        mock = subprocess.Popen(
            [str(Path(sys.executable).with_name("adsmock")), *words],
            cwd=self.current,
            stdout=subprocess.PIPE,
            text=True,
            env=self._variables,
        )
        self._mocks.append(mock)
        found = json.loads(mock.stdout.readline())
        urls = [found["main"], *(one["ads"] for one in found["regions"].values())]
        urls += [found["storage"]]
        self._addresses |= {
            f"http://127.0.0.1:{FIRST_PORT + place}": url for place, url in enumerate(urls)
        } | {f"http://127.0.0.1:{FIRST_PORT + 10}": found["control"]}
        with self._state.open("a", encoding="utf-8") as file:
            file.write(f"export ADSMOCK_CONTROL={found['control']}\n")
        return ""
