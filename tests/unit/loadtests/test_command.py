import argparse
import json
import shlex
import socket
import subprocess
import sys

import pytest

from adsmock.loadtests import command, generator, mock_setup
from adsmock.loadtests.arguments import complete, program
from adsmock.loadtests.program import target
from adsmock.loadtests.rehearsal import run_quotas
from adsmock.loadtests.shape import quotas
from tests.architecture.repository import ROOT
from tests.unit.loadtests.outcome import outcome, report


def parse(*options):
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return parser.parse_args(options)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90.0),
        ("90s", 90.0),
        ("2m", 120.0),
        ("1h", 3600.0),
        ("5s", 5.0),
        ("76h", 273_600.0),
        ("PT2M", 120.0),
    ],
)
def test_duration_is_read_in_seconds_minutes_or_hours(text, seconds):
    assert parse("--duration", text).duration == seconds


@pytest.mark.parametrize(
    "options",
    [
        ("--duration", "4s"),
        ("--duration", "101h"),
        ("--duration", "nan"),
        ("--duration", ""),
        ("--duration", "m"),
        ("--duration", "soon"),
        ("--rate", "0.5"),
        ("--rate", "fast"),
        ("--stop-after", "4s"),
        ("--users", "0"),
        ("--users", "-3"),
        ("--users", "many"),
        ("--users", "100001"),
        ("--behavior", "nobody"),
        ("--shape", "blob"),
        ("--workers", "0"),
        ("--workers", "65"),
        ("--listen", "5557"),
        ("--listen", ":5557"),
        ("--join", "here:0"),
        ("--join", "here:99999"),
    ],
)
def test_a_wrong_option_is_a_usage_error(options, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(*options)
    assert ended.value.code == 2
    assert options[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--behavior", "missbehaving"),
            "unknown behavior 'missbehaving': did you mean misbehaving?",
        ),
        (("--shape", "prime"), "unknown shape 'prime': did you mean prime-day?"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(options, message, capsys):
    with pytest.raises(SystemExit):
        parse(*options)
    assert message in capsys.readouterr().err


def test_an_unknown_measure_suggests_the_nearest(capsys, tmp_path):
    text = "[[thresholds]]\nmeasure = 'godput'\nat_most = 1\nunit = 'x'\nwhy = 'y'"
    (tmp_path / "ours.toml").write_text(text)
    options = ("--thresholds", str(tmp_path / "ours.toml"), "--report-dir", str(tmp_path))
    assert command.run(parse(*options)) == 2
    assert "unknown measure 'godput': did you mean goodput?" in capsys.readouterr().err


def test_without_locust_one_line_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(generator, "find_spec", lambda _name: None)
    assert command.run(parse("--report-dir", str(tmp_path))) == 2
    shown = capsys.readouterr()
    assert shown.err == "adsmock: load needs Locust: pip install 'adsmock[load]'\n"
    assert shown.out == ""


def test_a_mock_that_is_not_there_is_said_in_one_line(capsys, tmp_path):
    options = ("--server", "http://127.0.0.1:9", "--report-dir", str(tmp_path))
    assert command.run(parse(*options)) == 2
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "nothing answers there" in shown


def test_a_port_that_is_taken_is_a_usage_error(capsys, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"127.0.0.1:{other.getsockname()[1]}"
        options = ("--listen", place, "--report-dir", str(tmp_path))
        assert command.run(parse(*options)) == 2
    assert capsys.readouterr().err == f"adsmock: --listen {place}: Address already in use\n"


def test_a_folder_that_cannot_be_made_is_a_usage_error(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert command.run(parse("--report-dir", str(tmp_path / "file" / "inside"))) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thresholds = 1",
        "[[thresholds]]\nmeasure = 'goodput'",
        "[[thresholds]]\nmeasure = 'sales'\nat_most = 1\nunit = 'x'\nwhy = 'y'",
        "not toml [",
        "[[thresholds]]\nmeasure = 'goodput'\nunit = 'x'\nwhy = 'y'\nat_most = 'little'",
        "a = " + "[" * 3000 + "]" * 3000,
    ],
)
def test_a_file_that_holds_no_thresholds_is_a_usage_error(text, capsys, tmp_path):
    (tmp_path / "ours.toml").write_text(text)
    options = ("--thresholds", str(tmp_path / "ours.toml"), "--report-dir", str(tmp_path))
    assert command.run(parse(*options)) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_master_waits_for_the_stated_number_of_workers(tmp_path):
    line = generator.command(tmp_path, ("10.0.0.2", 5557, 8))
    joined = " ".join(line)
    assert "--master --master-bind-host 10.0.0.2 --master-bind-port 5557" in joined
    assert "--expect-workers 8" in joined
    assert "--master" not in generator.command(tmp_path)
    worker = " ".join(generator.worker_command("10.0.0.2", 5557))
    assert f"--adsmock-plan {tmp_path / 'plan.json'}" in joined
    assert "--adsmock-plan" not in worker, "the master sends it"
    assert "--worker --master-host 10.0.0.2 --master-port 5557" in worker


def test_the_web_ui_of_locust_listens_on_loopback_and_ends_with_the_run(tmp_path):
    line = " ".join(generator.command(tmp_path, web_ui=8089))
    assert "--autostart --autoquit 0 --web-host 127.0.0.1 --web-port 8089" in line
    assert "--headless" not in line
    assert "--headless" in generator.command(tmp_path)


@pytest.mark.parametrize("option", ["--live", "--web-ui"])
def test_a_page_on_a_port_that_is_taken_is_a_usage_error(option, capsys, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert command.run(parse(option, port, "--report-dir", str(tmp_path))) == 2
    said = f"adsmock: {option} 127.0.0.1:{port}: Address already in use: name a free port\n"
    assert capsys.readouterr().err == said


def test_metric_is_summed_over_its_labels():
    text = '# HELP a b\na_total{x="1"} 2\na_total{x="2"} 3.5\nab_total 9\n'
    assert mock_setup.metric(text, "a_total") == 5.5
    assert mock_setup.metric(text, "ab_total") == 9.0
    assert mock_setup.metric(text, "c_total") is None


def test_locust_and_its_patched_library_stay_out_of_our_process():
    code = "import sys, adsmock.loadtests.command; print({'locust', 'gevent'} & set(sys.modules))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout == "set()\n"


@pytest.fixture
def played(monkeypatch):
    """Replace the rehearsal: more than 100 users miss a threshold."""
    runs = []

    def rehearse(arguments, program, _control, _bounds, _part):
        runs.append((arguments.users, arguments.behavior, program))
        throttled = 200 if arguments.users > 100 else 0
        return report(outcome(accepted=100, throttled=throttled))

    monkeypatch.setattr(command, "rehearse", rehearse)
    monkeypatch.setattr(command, "check_address", lambda _address: None)
    return runs


def test_the_search_prints_every_load_and_the_limit(played, capsys, tmp_path):
    options = ("--find-limit", "--users", "40", "--server", "x", "--report-dir", str(tmp_path))
    assert command.run(parse(*options)) == 0
    shown = capsys.readouterr().out
    assert [users for users, *_rest in played][:3] == [40, 80, 160]
    assert "limit: " in shown
    assert (tmp_path / "users-80" / "run.json").exists()
    assert command.run(parse(*options[:2], "200", *options[3:])) == 1


@pytest.mark.parametrize(
    ("options", "unit"),
    [
        (("--observe", "python nightly.py"), "copies"),
        (("--cmd", "python worker.py"), "users"),
        (("--adapter", "node adapter.js"), "users"),
    ],
)
def test_a_program_with_its_own_work_gets_more_load_by_copies(options, unit, played, tmp_path):
    more = ("--find-limit", "--copies", "2", "--server", "x", "--report-dir", str(tmp_path))
    assert command.run(parse(*options, *more)) == 0
    copies = [program.copies for _users, _behavior, program in played]
    assert copies[:3] == ([2, 4, 8] if unit == "copies" else [2, 2, 2])
    assert max(copies) <= 64
    assert len(list(tmp_path.glob(f"{unit}-*/run.json"))) == len(played)


def test_observed_quotas_replace_those_that_they_name(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text('"sp.write" = { rate = 2, burst = 4 }\n')
    found = run_quotas(file, None)
    assert found == quotas() | {"sp.write": {"rate": 2.0, "burst": 4.0}}


PAGE = ROOT / "docs" / "how-to" / "load-test.md"


def shown_commands():
    """Return the command lines of the page that rehearsals need, without their comments."""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("$ adsmock load"):
            yield line.removeprefix("$ adsmock load").partition("  #")[0].strip()


@pytest.mark.parametrize("line", list(shown_commands()))
def test_a_command_of_the_page_is_valid_together_with_its_program(line, monkeypatch):
    monkeypatch.setattr(target, "_probe", lambda _line, _target: None)
    found = parse(*shlex.split(line))
    if found.resume is None:
        complete(found)
    ours = program(found)
    assert (ours is None) == (not any([found.adapter, found.cmd, found.observe, found.target]))


def test_a_comparison_plays_the_reference_client_on_the_same_event(played, capsys, tmp_path):
    options = ("--adapter", "node x.js", "--compare", "--server", "x", "--report-dir")
    assert command.run(parse(*options, str(tmp_path))) == 0
    (_users, _behavior, program), (_same, behavior, nobody) = played
    assert program.command == "node x.js"
    assert (behavior, nobody) == ("reference", None)
    assert "your program" in capsys.readouterr().out
    rows = json.loads((tmp_path / "comparison.json").read_text())
    assert {"name": "calls", "ours": "100", "reference": "100"} in rows
    assert (tmp_path / "reference" / "report.html").exists()


def test_a_folder_without_a_stopped_run_is_a_usage_error(capsys, tmp_path):
    assert command.run(parse("--resume", str(tmp_path))) == 2
    assert f"{tmp_path} has no stopped run: name the report folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--adapter", " "), "the command of the program is empty"),
        (("--cmd", "x", "--tasks", "2"), "--tasks needs --adapter"),
        (("--observe", "x", "--web-ui"), "--web-ui needs Locust"),
        (("--observe", "x", "--workers", "2"), "use --copies instead of --workers"),
        (("--target", "ours"), 'expected "pytest path::test" or module:User'),
        (("--target", "ours:User", "--tasks", "2"), "--tasks needs --adapter"),
        (("--cmd", "x", "--expect", "reads"), "--expect needs --observe or --target"),
        (("--copies", "2"), "need a program"),
        (("--through-proxy",), "need a program"),
        (("--rate", "60", "--duration", "2m"), "leave --duration out"),
        (("--rate", "60000"), "would take 4.56 s: expected 5 s to 100 h"),
        (("--resume", "nowhere", "--users", "5"), "leave --users out"),
    ],
)
def test_options_of_a_program_that_do_not_fit_are_usage_errors(options, message, capsys, tmp_path):
    assert command.run(parse(*options, "--report-dir", str(tmp_path))) == 2
    assert message in capsys.readouterr().err


def test_kinds_of_work_are_named_with_commas_and_a_wrong_one_gets_a_suggestion(capsys):
    found = program(parse("--observe", "x", "--expect", "reads, reports"))
    assert found.expected == ("reads", "reports")
    assert program(parse("--observe", "x")).expected == ("writes",)
    with pytest.raises(SystemExit):
        parse("--observe", "x", "--expect", "raeds")
    assert "unknown kind 'raeds': did you mean reads?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "is not TOML"),
        ("", "ours.toml: names no quota class: expected one row for each that you observed, such"),
        ("# nothing learned yet\n", "Leave --quotas out to use the estimates"),
        ('"sp.reed" = { rate = 1, burst = 1 }', "unknown quota class 'sp.reed': did you mean"),
        ('"sp.read" = { rate = 0, burst = 1 }', "sp.read"),
        ('"sp.read" = { rate = 1 }', "burst"),
    ],
)
def test_quotas_that_do_not_fit_are_usage_errors(text, message, capsys, tmp_path):
    (tmp_path / "ours.toml").write_text(text)
    options = ("--quotas", str(tmp_path / "ours.toml"), "--report-dir", str(tmp_path))
    assert command.run(parse(*options)) == 2
    assert message in capsys.readouterr().err


def test_own_quotas_replace_the_estimates(tmp_path):
    (tmp_path / "ours.toml").write_text('"sp.read" = { rate = 2.5, burst = 4 }')
    assert quotas(tmp_path / "ours.toml") == {"sp.read": {"rate": 2.5, "burst": 4.0}}
