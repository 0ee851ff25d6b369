"""adsmock init: write a starting point into the current folder."""

from __future__ import annotations

import argparse
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rich.console import Console

from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.command.partner_files import MANIFEST
from adsmock.harness.suite import manifest_draft
from adsmock.harness.suite.case.model import VERBS as ALL_VERBS

SUMMARY = "Write a manifest, an adapter and a CI job."
WORKFLOW = "judge"

EXAMPLES = """\
adsmock init
adsmock init --lang node
adsmock init --free "python nightly.py"             no adapter: a program at its normal work
adsmock init --from adsmock-report/journal.ndjson   declare what the traffic of a run shows
"""

KIT = resources.files("adsmock.harness.adapters")
STARTERS = KIT / "starters"

VERBS = ("list_profiles", "list", "get", "create", "update", "archive", "steady", "idle")

RESOURCES = (
    "sp.campaigns",
    "sp.adGroups",
    "sp.productAds",
    "sp.keywords",
    "sp.negativeKeywords",
    "sp.campaignNegativeKeywords",
    "sp.targets",
)
"""The resources of every starter."""

CI_FILE = ".github/workflows/adsmock.yml"


@dataclass(frozen=True, slots=True)
class Language:
    """What is written for one language, and how its program is started."""

    way: str
    """``adapter``, ``command`` or ``free``: how the suite starts it."""
    command: str
    files: Mapping[str, Traversable]
    verbs: tuple[str, ...] = VERBS
    start: str = ""
    """The lines of [start]; empty for a way and its command."""


LANGUAGES = {
    "python": Language("adapter", "python adapter.py", {"adapter.py": STARTERS / "adapter.py.txt"}),
    "node": Language(
        "adapter",
        "node adapter.mjs",
        {
            "adapter.mjs": STARTERS / "adapter.mjs",
            "adsmock-adapter.mjs": KIT / "node" / "adsmock-adapter.mjs",
            "adsmock-adapter.d.mts": KIT / "node" / "adsmock-adapter.d.mts",
        },
    ),
    "shell": Language(
        "command",
        "sh sync.sh",
        {"sync.sh": STARTERS / "sync.sh"},
        ("list_profiles", "list", "create", "idle"),
    ),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--lang", type=_known, choices=LANGUAGES, help="language (default: python)")
    kind.add_argument(
        "--free", metavar="CMD", help="a program that does its normal work: write no adapter"
    )
    parser.add_argument(
        "--through-proxy", action="store_true", help="with --free, for hard-coded hosts"
    )
    parser.add_argument(
        "--from",
        dest="journal",
        type=Path,
        metavar="JOURNAL",
        help="declare what this journal shows; that of a free run also names its program",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the files that are missing; an existing file is never changed."""
    return guarded(lambda: _run(arguments, Path.cwd()))


def _known(name: str) -> str:
    """Return the name of a language with a starter.

    Raises:
        ArgumentTypeError: there is none for it.
    """
    if name not in LANGUAGES:
        raise argparse.ArgumentTypeError(
            f"no starter for {name!r}: choose from {', '.join(LANGUAGES)}. A program in any "
            'language works without one: use --free "CMD" for its normal work, or read the tasks '
            "yourself (docs/reference/tasks.md; --lang shell writes a small example)"
        )
    return name


def startable(language: Language) -> Language:
    """Return the language with a program that is on PATH: many systems have no ``python``."""
    program, _, rest = language.command.partition(" ")
    if program == "python" and not shutil.which(program) and shutil.which("python3"):
        return replace(language, command=f"python3 {rest}")
    return language


def _run(arguments: argparse.Namespace, folder: Path) -> int:
    console = Console(highlight=False, soft_wrap=True)
    journal: Path | None = arguments.journal
    language = _language(arguments)
    scope = _scope(language, journal)
    texts = {name: source.read_text("utf-8") for name, source in language.files.items()}
    is_kept = language.way == "adapter" and _is_there(language, folder)
    written = [name for name, text in texts.items() if _write(folder / name, text)]
    if is_kept and not (folder / MANIFEST).exists():  # it imports the kit that is there now
        language = replace(language, verbs=_verbs_of(language, console))
    texts[MANIFEST] = _manifest(language, folder, scope)
    texts[CI_FILE] = (STARTERS / "workflow.yml").read_text("utf-8")
    rest = (MANIFEST, CI_FILE)
    written += [name for name in rest if _write(folder / name, texts[name])]
    for name in texts:
        console.print(f"{'wrote' if name in written else 'kept '} {name}", markup=False)
    if not written:
        raise UsageError("every file exists already and was kept; expected a folder without them")
    _say_next(language, console)
    return 0


def _language(arguments: argparse.Namespace) -> Language:
    """Return what to write: the starter of a language, or the start of a free run."""
    if arguments.through_proxy and arguments.free is None:
        raise UsageError("--through-proxy needs --free: an adapter gets its hosts from adsmock")
    start: dict[str, Any] = {}
    if arguments.free is not None:
        proxy = {"through_proxy": True} if arguments.through_proxy else {}
        start = {"free": arguments.free, **proxy}
    elif arguments.lang is None and arguments.journal is not None:
        start = manifest_draft.started(arguments.journal)
    if start:
        return Language("free", start["free"], {}, (), manifest_draft.text(start).rstrip())
    return startable(LANGUAGES[arguments.lang or "python"])


def _is_there(language: Language, folder: Path) -> bool:
    return (folder / next(iter(language.files))).exists()


def _verbs_of(language: Language, console: Console) -> tuple[str, ...]:
    """Return the verbs of the adapter in the folder; the starter's if it does not run."""
    # Imported here: only a folder with an adapter needs the mock.
    from adsmock.harness.adapter_check import StartError, check  # noqa: PLC0415 -- see above
    from adsmock.harness.suite.manifest import Manifest  # noqa: PLC0415 -- see above

    console.print(f"trying each verb of the adapter that is there: {language.command}")
    try:
        rows = list(check(language.command, manifest=Manifest(resources=frozenset())))
    except StartError as error:
        console.print(
            f"{error}: the manifest has the verbs of the starter, correct them", markup=False
        )
        return language.verbs
    supported = (row.verb for row in rows if row.status != "unsupported")
    return tuple(verb for verb in supported if verb in ALL_VERBS)


def _scope(language: Language, journal: Path | None) -> str:
    """Return the lines of the manifest that a journal shows; those of the starter without one.

    A free run judges what the program does, so that only its journal says more.
    """
    if journal is None and language.way == "free":
        return ""
    if journal is None:
        names = ",\n".join(f'  "{name}"' for name in RESOURCES)
        heading = "# Cases that need another resource are not applicable."
        return f"{heading}\nresources = [\n{names},\n]\n\n"
    try:
        found = manifest_draft.drafted(manifest_draft.read_entries(journal))
        if language.way == "free":
            found.pop("verbs", None)
    except manifest_draft.JournalError as error:
        raise UsageError(f"--from {error}") from None
    heading = "# What the traffic shows. Cases that need more are not applicable."
    return f"{heading}\n{manifest_draft.text(found)}\n"


def _manifest(language: Language, folder: Path, scope: str) -> str:
    template = (STARTERS / MANIFEST).read_text("utf-8")
    values = {
        "name": "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in folder.name),
        "verbs": _verbs(language.verbs),
        "scope": scope,
        "start": language.start or f'{language.way} = "{language.command}"',
    }
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def _verbs(verbs: tuple[str, ...]) -> str:
    """Return the lines about verbs; none for a free run, which has no tasks."""
    if not verbs:
        return ""
    names = ", ".join(f'"{verb}"' for verb in verbs)
    return f"# Cases that need another verb are not applicable.\nverbs = [{names}]\n\n"


def _write(path: Path, text: str) -> bool:
    """Write a new file; return False when there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True


def _say_next(language: Language, console: Console) -> None:
    program = shlex.split(language.command)[0]
    if shutil.which(program) is None:
        console.print(f"\n{program} is not on PATH: install it, or edit {MANIFEST}.")
    console.print("\nNext:")
    if language.way == "adapter":
        console.print(f'  adsmock adapter check "{language.command}"', markup=False)
    console.print(f"  adsmock conform --manifest {MANIFEST} --profile quick", markup=False)
    console.print("\nAdd adsmock-report/ to .gitignore: each run writes its reports there.")
