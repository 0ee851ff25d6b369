"""The command line finds its commands, runs one, and fails in one line."""

import re
import shlex
import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from adsmock.cli import main
from adsmock.harness.command import adapter

VERB = """
SUMMARY: str = "say a word"
EXAMPLES = "  adsmock say hello"


def configure(parser):
    parser.add_argument("word")


def run(arguments):
    if arguments.word == "stop":
        raise KeyboardInterrupt
    print(arguments.word)
    return len(arguments.word)
"""


SEE_SAY = "See 'adsmock say --help'\n"


@pytest.fixture
def say(tmp_path, monkeypatch):
    """Install only one command."""
    package = tmp_path / "own_commands"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "say.py").write_text(VERB)
    monkeypatch.syspath_prepend(tmp_path)
    point = SimpleNamespace(name="say", value="own_commands.say")
    monkeypatch.setattr(metadata, "entry_points", lambda **_: [point])
    yield
    for name in ("own_commands", "own_commands.say"):
        sys.modules.pop(name, None)


def test_a_command_is_run_and_its_exit_code_returned(say, capsys):
    assert main.main(["say", "hello"]) == 5
    assert capsys.readouterr().out == "hello\n"


def test_help_shows_summaries_without_importing_commands(say, capsys):
    assert main.main(["--help"]) == 0
    assert "say  say a word" in capsys.readouterr().out
    assert "own_commands.say" not in sys.modules


def test_help_of_a_command_shows_its_examples(say, capsys):
    assert main.main(["say", "--help"]) == 0
    out = capsys.readouterr().out
    assert "say a word" in out
    assert "examples:\n  adsmock say hello" in out


@pytest.mark.parametrize(
    ("command", "arguments"), [("replay", "FILE [FILE ...]"), ("adapter", "action [CMD]")]
)
def test_usage_marks_arguments_that_are_repeatable_or_optional(capsys, command, arguments):
    assert main.main([command, "--help"]) == 0
    usage = capsys.readouterr().out.splitlines()[0]
    assert usage == f"usage: adsmock {command} [options] {arguments}"


@pytest.mark.parametrize(
    "words",
    [
        ["check", "ruby ads.rb", "--manifest", "a.toml"],
        ["check", "--manifest", "a.toml", "ruby ads.rb"],
        ["--manifest", "a.toml", "check", "ruby ads.rb"],
    ],
)
def test_options_may_come_before_an_optional_argument(words):
    found = main.parser_of("adapter", adapter).parse_args(words)

    assert (found.action, found.command, str(found.manifest)) == ("check", "ruby ads.rb", "a.toml")


def test_optional_argument_may_be_missing_and_a_wrong_word_is_named(capsys):
    parser = main.parser_of("adapter", adapter)

    assert parser.parse_args(["--manifest", "a.toml", "check"]).command is None
    assert main.main(["adapter", "check", "--timeout", "5", "a", "b"]) == 2
    assert capsys.readouterr().err.startswith("adsmock adapter: unrecognized arguments: b;")


def test_the_version_is_that_of_the_distribution(capsys):
    assert main.main(["--version"]) == 0
    assert capsys.readouterr().out == f"adsmock {metadata.version('adsmock')}\n"


@pytest.mark.parametrize("words", [[], ["sing"], ["--nope"], ["say"], ["say", "a", "b"]])
def test_a_usage_error_is_one_line_and_exit_code_two(say, capsys, words):
    assert main.main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("adsmock")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sya"], "adsmock: unknown command 'sya': did you mean say? See 'adsmock --help'\n"),
        (["zzz"], "adsmock: unknown command 'zzz'; see 'adsmock --help'\n"),
        ([], "adsmock: a command is missing; see 'adsmock --help'\n"),
        (
            ["say", "a", "--hlep"],
            f"adsmock say: unrecognized arguments: --hlep: did you mean --help? {SEE_SAY}",
        ),
    ],
)
def test_a_usage_error_suggests_the_nearest_name_and_where_to_look(say, capsys, words, message):
    assert main.main(words) == 2
    assert capsys.readouterr().err == message


def test_an_interruption_is_exit_code_130(say):
    assert main.main(["say", "stop"]) == 130


def test_every_installed_command_has_a_summary_and_examples():
    for point in metadata.entry_points(group=main.GROUP):
        module = point.load()
        assert module.SUMMARY.strip(), point.name
        assert f"adsmock {point.name}" in module.EXAMPLES, point.name


def examples(text):
    """Return the command lines of a command's examples, without their comments."""
    lines = [line.strip() for line in text.splitlines()]
    shown = [line for line in lines if line.startswith("adsmock ")]
    return [re.split(r"\s{2,}|\s[|>#]\s", line)[0] for line in shown]


def test_every_example_of_every_command_is_valid():
    modules = {point.name: point.load() for point in metadata.entry_points(group=main.GROUP)}
    shown = [line for module in modules.values() for line in examples(module.EXAMPLES)]
    assert len(shown) > len(modules)
    for line in shown:
        _, command, *words = shlex.split(line)
        assert vars(main.parser_of(command, modules[command]).parse_args(words)) is not None


@pytest.mark.parametrize("command", ["conform", "judge", "audit"])
def test_help_imports_neither_client_nor_suite(command):
    code = (
        f"import sys; from adsmock.cli.main import main; main(['{command}', '--help'])\n"
        "heavy = {'requests', 'prometheus_client'}\n"
        "heavy |= {'adsmock.harness.client', 'adsmock.harness.mutants'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert f"adsmock {command}" in done.stdout


def interrupted(at):
    """Start the command as its script does, interrupted where it imports ``at``."""
    code = f"""
import sys
class Interruption:
    def find_spec(self, name, path=None, target=None):
        if name == {at!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interruption())
from adsmock.cli.start import main
sys.exit(main())
"""
    words = [sys.executable, "-c", code, "list"]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("at", ["adsmock.cli.main", "argparse", "adsmock.harness.command.list"])
def test_an_interruption_of_an_import_is_exit_code_130_and_no_word(at):
    done = interrupted(at)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_script_imports_next_to_nothing_before_it_can_be_interrupted():
    code = (
        "import sys; before = set(sys.modules); import adsmock.cli.start\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["adsmock", "adsmock.cli", "adsmock.cli.start"]
    (script,) = metadata.entry_points(group="console_scripts", name="adsmock")
    assert script.value == "adsmock.cli.start:main"


LINES, COLUMNS = 24, 80


def help_text(point, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    return main.parser_of(point.name, point.load()).format_help()


COMMANDS = tuple(metadata.entry_points(group=main.GROUP))


@pytest.mark.parametrize("point", COMMANDS, ids=lambda point: point.name)
def test_help_fits_on_a_screen_above_its_examples(point, monkeypatch):
    above, _, examples = help_text(point, monkeypatch).partition("examples:\n")
    assert above.rstrip().count("\n") < LINES
    assert all(len(line) < COLUMNS for line in above.splitlines())
    assert examples


@pytest.mark.parametrize("point", COMMANDS, ids=lambda point: point.name)
def test_every_command_belongs_to_a_workflow_and_has_a_short_summary(point):
    module = point.load()
    assert module.WORKFLOW in main.WORKFLOWS
    assert len(module.SUMMARY) <= COLUMNS - 24


def test_help_lists_every_command_under_its_workflow(capsys):
    assert main.main(["--help"]) == 0
    shown = capsys.readouterr().out
    order = [re.search(rf"^  {word} ", shown, re.MULTILINE).start() for word in main.WORKFLOWS]
    assert order == sorted(order)
    for point in COMMANDS:
        assert re.search(rf"\b{point.name}  ", shown)
    assert max(map(len, shown.splitlines())) < COLUMNS


def test_help_all_shows_the_options_that_help_leaves_out(capsys):
    assert main.main(["conform", "--help"]) == 0
    assert "--real-time" not in capsys.readouterr().out
    assert main.main(["conform", "--help-all"]) == 0
    assert "--real-time" in capsys.readouterr().out


def test_help_all_is_the_help_of_a_command_without_more_options(capsys):
    assert main.main(["adapter", "--help"]) == 0
    shown = capsys.readouterr().out
    assert main.main(["adapter", "--help-all"]) == 0
    assert capsys.readouterr().out == shown
    assert "--help-all" not in shown
