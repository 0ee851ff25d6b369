"""The command and the Python call, against a server on a real socket."""

import argparse
import json
import re
import subprocess
import sys
from threading import Thread

import pytest
from werkzeug.serving import make_server

from adsmock.cli.main import main, parser_of
from adsmock.contracts.ledger import counts, rows
from adsmock.mockserver.command import ctl, fidelity
from adsmock.mockserver.control.client import Control, ControlError, Refused, Unreachable
from adsmock.mockserver.control.routes import BY_ID, ROUTES


@pytest.fixture
def served(control):
    server = make_server("127.0.0.1", 0, control.client.application, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield control, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def parser(module):
    built = argparse.ArgumentParser(epilog=module.EXAMPLES)
    module.configure(built)
    return built


def run(*words):
    return ctl.run(parser(ctl).parse_args(words))


def test_the_python_call_returns_values_text_and_nothing(served):
    _, url = served
    caller = Control(url)
    made = caller.call("sandboxes.create", data={"id": "t9"})
    assert made["id"] == "t9"
    assert caller.call("clock.advance", {"seconds": 0}, sandbox="t1")["fired"] == []
    assert caller.call("journal.get", sandbox="t1", limit=1, status="2xx")["next"] == 1
    assert caller.call("sandboxes.delete", sandbox="t9") is None
    assert "adsmock_sandboxes 1.0" in caller.call("service.metrics")


def test_the_python_call_raises_what_happened(served):
    _, url = served
    with pytest.raises(Refused, match=r"409 .* \(at /id\)") as refused:
        Control(url).call("sandboxes.create", {"id": "t1"})
    assert refused.value.status == 409
    with pytest.raises(Refused, match=r"did you mean t1\?"):
        Control(url).call("clock.get", sandbox="t2")
    with pytest.raises(Unreachable, match="adsmock serve"):
        Control("http://127.0.0.1:9").call("service.health")
    assert issubclass(Unreachable, ControlError)


@pytest.mark.parametrize(
    ("operation", "names"),
    [("clock.gett", {}), ("faults.get", {"sandbox": "t1"}), ("clock.get", {"fault": "x"})],
)
def test_the_python_call_refuses_unknown_names_before_sending(operation, names):
    with pytest.raises(ValueError, match=operation):
        Control("http://127.0.0.1:9").call(operation, **names)


def test_the_address_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("ADSMOCK_CONTROL", "http://127.0.0.1:1234/")
    assert Control().url == "http://127.0.0.1:1234"
    assert Control("http://127.0.0.1:9").url == "http://127.0.0.1:9"
    monkeypatch.delenv("ADSMOCK_CONTROL")
    assert Control().url == "http://127.0.0.1:9090"


def test_the_command_prints_json_and_exits_zero(served, capsys):
    _, url = served
    assert run("clock.get", "--sandbox", "t1", "--control", url) == 0
    assert json.loads(capsys.readouterr().out)["mode"] == "frozen"
    rule = '{"effect":{"kind":"http","status":429}}'
    assert (
        run("faults.put", "--sandbox", "t1", "--fault", "f", "--data", rule, "--control", url) == 0
    )
    assert run("faults.delete", "--sandbox", "t1", "--fault", "f", "--control", url) == 0


def test_the_address_may_come_before_the_operation(served, capsys):
    _, url = served
    assert run("--control", url, "clock.get", "--sandbox", "t1") == 0
    assert json.loads(capsys.readouterr().out)["mode"] == "frozen"
    nowhere = "http://127.0.0.1:1"
    assert run("--control", nowhere, "clock.get", "--sandbox", "t1", "--control", url) == 0


def test_the_command_reads_files_and_the_environment(served, capsys, tmp_path, monkeypatch):
    _, url = served
    path = tmp_path / "step.json"
    path.write_text('{"seconds": 5}')
    monkeypatch.setenv("ADSMOCK_SANDBOX", "t1")
    monkeypatch.setenv("ADSMOCK_CONTROL", url)
    assert run("clock.advance", "--data", f"@{path}") == 0
    assert json.loads(capsys.readouterr().out)["now"].startswith("2026-07-01T12:00:05")


def test_the_command_filters_the_journal(served, capsys):
    _, url = served
    words = ("journal.get", "--sandbox", "t1", "--control", url)
    assert run(*words) == 0
    assert len(json.loads(capsys.readouterr().out)["entries"]) == 1
    assert run(*words, "--operation", "profiles.*", "--format", "ndjson") == 0
    assert capsys.readouterr().out == ""


def test_no_option_of_an_operation_hides_another():
    for route in ROUTES:
        names = [*route.parameters, *(query.name for query in route.query)]
        assert len({*names, "route", "control", "data"}) == len(names) + 3


def test_a_claim_that_does_not_hold_exits_one(served, capsys):
    _, url = served
    words = ("verify.run", "--sandbox", "t1", "--control", url, "--data")
    assert run(*words, '{"match":{"operation":["lwa.token"]}}') == 0
    assert run(*words, '{"match":{"operation":["profiles.list"]}}') == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("clock.get", "--sandbox", "t2"), 1, '404 unknown sandbox "t2": did you mean t1?'),
        (("clock.advance", "--data", '{"secnds":1}'), 1, "unknown field"),
        (("clock.advance", "--data", "{x"), 2, "--data is not valid JSON"),
        (("clock.advance", "--data", "@/no/such/file"), 2, "/no/such/file: No such file"),
        (("clock.advance", "--data", "null"), 2, "--data is null"),
        (("clock.advance", "--data", "[" * 100_000), 2, "--data is nested too deeply"),
    ],
)
def test_an_error_is_one_line(served, capsys, words, code, said):
    _, url = served
    sandbox = () if "--sandbox" in words else ("--sandbox", "t1")
    assert run(*words, *sandbox, "--control", url) == code
    reported = capsys.readouterr()
    assert reported.out == ""
    assert reported.err.startswith("adsmock ctl: ")
    assert reported.err.count("\n") == 1
    assert said in reported.err


def test_a_body_that_is_no_text_is_one_line(tmp_path, capsys):
    (tmp_path / "body").write_bytes(b"\xff\xfe")
    assert run("clock.advance", "--data", f"@{tmp_path / 'body'}") == 2
    assert (
        capsys.readouterr().err
        == f"adsmock ctl: {tmp_path / 'body'} is not UTF-8 text: convert it to UTF-8\n"
    )


@pytest.mark.parametrize("url", ["x", "ftp://127.0.0.1"])
def test_an_address_that_is_none_is_a_usage_error(capsys, url):
    assert run("clock.get", "--control", url) == 2
    assert capsys.readouterr().err.endswith("use one such as http://127.0.0.1:9090\n")


def test_nobody_there_is_one_line_that_says_how_to_start(capsys):
    assert run("service.health", "--control", "http://127.0.0.1:9") == 1
    reported = capsys.readouterr().err
    assert reported.count("\n") == 1
    assert "adsmock serve" in reported


def test_help_lists_every_operation():
    text = re.sub(r"\n {19}", " ", parser_of("ctl", ctl).format_help())  # long rows go on below
    for route in ROUTES:
        if route.id not in ctl._NOT_COMMANDS:
            thing, word = route.id.split(".")
            listed = rf"^  (\w+, )?{thing}\b.*\b{word}\b|\b{route.id}\b"
            assert re.search(listed, text, re.MULTILINE), route.id
    assert "adsmock ctl faults.create" in ctl.EXAMPLES


def test_examples_of_the_table_parse():
    for route in ROUTES:
        if route.example:
            typed = route.example.partition(" > ")[0]  # the shell takes the rest
            words = [word.strip("'") for word in typed.split()]
            arguments = parser(ctl).parse_args([route.id, *words])
            assert arguments.route is route
            text = getattr(arguments, "data", None)
            if text and not text.startswith("@"):
                json.loads(text)


@pytest.mark.parametrize("operation", ["jobs.complete", "faults.delete", "faults.create"])
def test_example_of_an_operation_names_the_id_that_it_needs(operation, capsys):
    with pytest.raises(SystemExit):
        parser(ctl).parse_args([operation, "--help"])
    example = capsys.readouterr().out.partition("example:")[2].split()
    assert example[:3] == ["adsmock", "ctl", operation]
    needed = [name for name in BY_ID[operation].parameters if name != "sandbox"]
    assert [word for word in example if word[2:] in needed] == [f"--{name}" for name in needed]


def test_the_command_starts_without_flask_or_contracts():
    code = (
        "import sys, adsmock.mockserver.command.ctl\n"
        "heavy = {'flask', 'werkzeug', 'orjson', 'jsonschema_rs', 'requests'}\n"
        "heavy |= {'adsmock.contracts.loader'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def show(*words):
    return fidelity.run(parser(fidelity).parse_args(words))


def test_fidelity_prints_every_behavior_and_totals(capsys):
    assert show() == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows()) + 3
    assert lines[-1].startswith(f"{len(rows())} behaviors: {counts()['documented']} documented")


def test_fidelity_filters_by_status_and_prints_json(capsys):
    assert show("--status", "assumed", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["behaviors"]) == counts()["assumed"] == document["totals"]["assumed"]
    assert {row["status"] for row in document["behaviors"]} == {"assumed"}


def test_fidelity_fits_a_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    show()
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 120


def test_an_unknown_operation_suggests_the_nearest(capsys):
    assert main(["ctl", "sandbox.lst"]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith('adsmock ctl: unknown operation "sandbox.lst": did you mean sandboxes')
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["--server", "http://h", "sandboxes.list"], "--server: did you mean --control?"),
        (["--server=http://h", "sandboxes.list"], "--server: did you mean --control?"),
        (["sandboxes.list", "--server", "http://h"], "--server: did you mean --control?"),
        (["http://h", "sandboxes.list"], "pass a URL as --control URL"),
    ],
)
def test_address_of_a_mock_is_not_taken_for_an_operation(words, advice, capsys):
    assert main(["ctl", *words]) == 2
    shown = capsys.readouterr().err
    assert advice in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    ("operation", "names", "advice"),
    [
        ("fault.create", {}, "did you mean faults.create?"),
        ("journal.get", {"operatoin": "sp.*"}, "did you mean operation?"),
        ("faults.get", {}, "pass fault=..."),
    ],
)
def test_a_mistyped_python_call_suggests_the_nearest(operation, names, advice):
    with pytest.raises(ValueError, match=re.escape(advice)):
        Control("http://127.0.0.1:9").call(operation, **names)
