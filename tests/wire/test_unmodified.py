"""Programs with Amazon's hosts written into them, run as they are through ``adsmock exec``."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples" / "unmodified"
EXEC = [sys.executable, "-m", "adsmock.mockserver", "exec", "--"]
PROGRAMS = {
    "python": [sys.executable, str(FOLDER / "sync.py")],
    "node": ["node", str(FOLDER / "sync.mjs")],
    "java": ["java", str(FOLDER / "Sync.java")],
    "php": ["php", str(FOLDER / "sync.php")],
    "curl": ["sh", str(FOLDER / "sync.sh")],
}


def execute(*words):
    return subprocess.run([*EXEC, *words], capture_output=True, text=True, timeout=300, check=False)


def needs(program):
    if shutil.which(program) is None:
        pytest.skip(reason=f"{program} is not installed here: its unmodified example was NOT run")


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_unmodified_program_reaches_every_region(program):
    needs("sh" if program == "python" else program)
    further = ["--export"] if program == "python" else []
    done = execute(*PROGRAMS[program], *further)
    assert done.returncode == 0, done.stderr
    said = [line.split(":")[0] for line in done.stdout.splitlines() if " campaigns" in line]
    assert list(dict.fromkeys(said)) == ["NA", "EU", "FE"]
    assert "no known client" not in done.stderr
    assert "refused" not in done.stderr


NODE_OTHERS = """
const https = require('node:https');
https.get('https://advertising-api-fe.amazon.com/v2/profiles', { agent: new https.Agent() },
  (reply) => { reply.resume(); console.log('https', reply.statusCode); });
fetch('https://example.com/').catch((error) => console.log('fetch', error.cause.message));
fetch('http://advertising-api-eu.amazon.com/v2/profiles')
  .then((reply) => console.log('clear fetch', reply.status));
require('node:http').get('http://advertising-api.amazon.com/v2/profiles',
  (reply) => { reply.resume(); console.log('clear http', reply.statusCode); });
fetch(process.env.ADS_EU + '/v2/profiles').then((reply) => console.log('loopback', reply.status));
"""


def test_node_is_led_with_its_own_agent_and_to_loopback_directly_and_nowhere_else():
    needs("node")
    done = execute("node", "-e", NODE_OTHERS)
    assert sorted(done.stdout.splitlines()) == [
        "clear fetch 401",
        "clear http 401",
        "fetch the proxy refused example.com:443: 403",
        "https 401",
        "loopback 401",
    ]
    assert "adsmock: refused CONNECT example.com:443: nothing leaves this machine" in done.stderr


def test_node_distrusts_a_proxy_that_leads_to_another_name():
    needs("node")
    script = (
        "require('node:https').get({host: 'api.amazon.com', servername: 'wrong.invalid'},"
        " () => console.log('trusted')).on('error', (error) => console.log(error.code))"
    )
    assert execute("node", "-e", script).stdout == "ERR_TLS_CERT_ALTNAME_INVALID\n"


def test_node_options_of_the_user_are_kept(monkeypatch):
    needs("node")
    monkeypatch.setenv("NODE_OPTIONS", "--max-http-header-size=12345")
    done = execute("node", "-p", "require('node:http').maxHeaderSize")
    assert done.stdout == "12345\n"


JAVA_OTHERS = """
import java.net.HttpURLConnection;
import java.net.URL;

public class Others {
  static void show(String name, String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
      System.out.println(name + " " + connection.getResponseCode());
    } catch (java.io.IOException error) {
      System.out.println(name + " " + error.getMessage());
    }
  }

  public static void main(String[] words) {
    show("https", "https://advertising-api-fe.amazon.com/v2/profiles");
    show("clear", "http://advertising-api-eu.amazon.com/v2/profiles");
    show("loopback", System.getenv("ADS_EU") + "/v2/profiles");
    show("elsewhere", "https://example.com/");
    System.out.println("kept " + System.getProperty("partner"));
  }
}
"""


@pytest.mark.slow
def test_java_is_led_through_the_proxy_and_keeps_its_own_options(tmp_path, monkeypatch):
    needs("java")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Dpartner=yes")
    (tmp_path / "Others.java").write_text(JAVA_OTHERS, "utf-8")
    done = execute("java", str(tmp_path / "Others.java"))
    https, clear, loopback, elsewhere, kept = done.stdout.splitlines()
    assert [https, clear, loopback, kept] == [
        "https 401",
        "clear 401",
        "loopback 401",
        "kept yes",
    ]
    assert "403" in elsewhere
