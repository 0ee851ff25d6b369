"""Completion scripts: each shell completes commands, options and operations of ``ctl``."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adsmock.cli import main
from adsmock.cli.completion import SHELLS

BASH = """
source "$1"
complete_words() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _shtab_adsmock adsmock "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[@]}"
}
"""

ASK = {
    "bash": BASH + "complete_words {words}",
    "fish": 'source $argv[1]; complete -C "{words}"',
}


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """Return the path of a script for a shell."""

    def write(shell):
        path = tmp_path_factory.mktemp("completion") / shell
        code = (
            "import sys; from adsmock.cli.main import main; sys.exit(main(['completion', "
            f"{shell!r}]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        path.write_text(done.stdout)
        return str(path)

    return write


def asked(shell, script, words):
    if shutil.which(shell) is None:
        pytest.skip(f"COMPLETION FOR {shell} IS NOT TESTED: {shell} is not installed")
    done = subprocess.run(
        [shell, "-c", ASK[shell].replace("{words}", words), *([shell] * (shell == "bash")), script],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("shell", sorted(ASK))
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("adsmock con", "conform"),
        ("adsmock conform --thr", "--through-proxy"),
        ("adsmock ctl faults.cr", "faults.create"),
        ("adsmock ctl faults.create --da", "--data"),
    ],
)
def test_a_shell_completes(script, shell, words, expected):
    assert expected in asked(shell, script(shell), words).split()


def test_zsh_reads_its_script(script):
    if shutil.which("zsh") is None:
        pytest.skip("COMPLETION FOR zsh IS NOT TESTED: zsh is not installed")
    path = script("zsh")
    subprocess.run(["zsh", "-n", path], check=True)
    assert "--through-proxy" in Path(path).read_text("utf-8")


def test_an_unknown_shell_is_a_usage_error(capsys):
    assert main.main(["completion", "ksh"]) == 2
    assert "choose from" in capsys.readouterr().err
    assert SHELLS == ("bash", "zsh", "fish")
