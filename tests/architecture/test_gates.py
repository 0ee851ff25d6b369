"""Every gate over the repository, and every gate against an example that it must refuse."""

import pytest

from tests.architecture import gate, repository, words

CODE = repository.sources(*repository.PRODUCT)
CODE_AND_TESTS = repository.sources(*repository.PRODUCT, "tests")
# The gates' own examples name what they refuse.
EXAMPLES = {"tests/architecture/gate.py", "tests/architecture/test_gates.py"}
ALL_TEXT = [name for name in repository.text_files() if name not in EXAMPLES]

GATES = {
    "long_file": (gate.long_file, CODE_AND_TESTS),
    "long_function": (gate.long_function, CODE_AND_TESTS),
    "undocumented_module": (gate.undocumented_module, CODE),
    "forbidden_name": (gate.forbidden_name, CODE_AND_TESTS),
    "banned_call": (gate.banned_call, CODE),
    "misplaced_exemption": (gate.misplaced_exemption, CODE),
    "bare_exemption": (gate.bare_exemption, CODE_AND_TESTS),
    "relative_import": (gate.relative_import, CODE_AND_TESTS),
    "dependent_client": (gate.dependent_client, CODE),
    "bare_name": (gate.bare_name, CODE_AND_TESTS),
    "silent_skip": (gate.silent_skip, CODE_AND_TESTS),
    "left_undone": (gate.left_undone, ALL_TEXT),
    "forbidden_word": (gate.forbidden_word, ALL_TEXT),
    "refused_word": (words.refused_word, words.texts()),
}

LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 40

REFUSED = [
    ("long_file", "mockserver/a.py", '"""A."""\n' + "X = 1\n" * 400),
    ("long_function", "mockserver/a.py", LONG_FUNCTION),
    (
        "long_function",
        "mockserver/a.py",
        "class A:\n    async " + LONG_FUNCTION.replace("\n", "\n    "),
    ),
    ("undocumented_module", "mockserver/a.py", "X = 1\n"),
    ("undocumented_module", "mockserver/__init__.py", ""),
    ("forbidden_name", "mockserver/core/utils.py", ""),
    ("forbidden_name", "harness/common/journal.py", ""),
    ("banned_call", "mockserver/a.py", "import time\n"),
    ("banned_call", "mockserver/a.py", "from time import monotonic as m\n"),
    ("banned_call", "mockserver/a.py", "def f():\n    import random\n"),
    ("banned_call", "mockserver/a.py", "import secrets\n"),
    ("banned_call", "mockserver/a.py", "import datetime\nX = datetime.datetime.now()\n"),
    ("banned_call", "mockserver/a.py", "from datetime import date\nX = date.today()\n"),
    ("banned_call", "mockserver/a.py", "import uuid\nX = uuid.uuid4()\n"),
    ("banned_call", "mockserver/a.py", "from uuid import uuid4\n"),
    ("banned_call", "mockserver/a.py", "import os\nX = os.urandom(8)\n"),
    ("misplaced_exemption", "mockserver/a.py", "import x  # noqa: TID251 -- not a clock at all\n"),
    ("bare_exemption", "mockserver/a.py", "import x  # noqa\n"),
    ("bare_exemption", "mockserver/a.py", "import x  # noqa: F401\n"),
    ("bare_exemption", "mockserver/a.py", "import x  # type: ignore\n"),
    ("bare_exemption", "mockserver/a.py", "import x  # type: ignore[import-untyped]\n"),
    ("relative_import", "mockserver/a.py", "from . import b\n"),
    ("dependent_client", "harness/client/a.py", "from adsmock.contracts import loader\n"),
    ("dependent_client", "harness/client/a.py", "def f():\n    import adsmock.harness.suite\n"),
    ("dependent_client", "harness/client/a.py", "import jsonschema_rs\n"),
    ("dependent_client", "harness/client/a.py", "from ..suite import runner\n"),
    ("dependent_client", "harness/client/retry/a.py", "from ...suite import runner\n"),
    (
        "dependent_client",
        "harness/client/a.py",
        "if TYPE_CHECKING:\n    from adsmock.contracts import model\n",
    ),
    ("bare_name", "mockserver/a.py", "from contracts import form\n"),
    ("bare_name", "mockserver/a.py", "def f():\n    import harness.client as c\n"),
    ("silent_skip", "tests/test_a.py", "@pytest.mark.skip()\ndef test_a(): ...\n"),
    ("silent_skip", "tests/test_a.py", "@pytest.mark.skipif(True)\ndef test_a(): ...\n"),
    ("silent_skip", "tests/test_a.py", "pytest.skip()\n"),
    ("left_undone", "README.md", "TODO: say more\n"),
    ("forbidden_word", "README.md", f"see /{'work'}/here\n"),
    (
        "forbidden_word",
        "requirements.lock",
        f"--index-url https://pypi.{'org'}/simple\n",
    ),
    ("refused_word", "mockserver/a.py", '"""Makes lists anew."""\n'),
    ("refused_word", "mockserver/a.py", "X = 1  # read aloud\n"),
    ("refused_word", "mockserver/a.py", "X = 'the sandbox stands here'\n"),
    ("refused_word", "mockserver/a.py", "def f(n):\n    return f'{n} calls were told'\n"),
    ("refused_word", "mockserver/a.py", "def knock(): ...\n"),
    ("refused_word", "mockserver/a.py", "class FrontDoor: ...\n"),
    ("refused_word", "mockserver/a.py", "def f(the_desk): ...\n"),
    ("refused_word", "mockserver/a.py", "reckoned = 1\n"),
    ("refused_word", "mockserver/a.py", "class A:\n    def f(self):\n        self.trail = []\n"),
    ("refused_word", "mockserver/a.py", "import logging as gatehouse\n"),
    ("refused_word", "mockserver/a.py", "catalogue = {}\n"),
    ("refused_word", "mockserver/sieve.py", ""),
    ("refused_word", "README.md", "The behaviour of a canceled export.\n"),
    ("refused_word", "README.md", "We recognise a lawful client.\n"),
    ("refused_word", "README.md", "Faults act by lot.\n"),
    ("refused_word", "README.md", "Hold the journal against the plan.\n"),
    ("refused_word", "contracts/meta/a.schema.json", '{"description": "whoever calls"}\n'),
]

ACCEPTED = [
    ("long_file", "mockserver/a.py", "X = 1\n" * 400),
    ("long_function", "mockserver/a.py", LONG_FUNCTION.removesuffix("    x = 1\n")),
    ("undocumented_module", "mockserver/a.py", '"""Values."""\n'),
    ("forbidden_name", "mockserver/core/database.py", ""),
    ("banned_call", "mockserver/core/clock.py", "import time\n"),
    ("banned_call", "harness/client/random_source.py", "import random\n"),
    ("banned_call", "mockserver/a.py", "def f(clock):\n    return clock.now()\n"),
    ("banned_call", "mockserver/a.py", "from uuid import UUID\nfrom datetime import datetime\n"),
    ("misplaced_exemption", "mockserver/core/clock.py", "import x  # noqa: TID251 -- the clock\n"),
    ("bare_exemption", "mockserver/a.py", "import x  # noqa: F401, E402 -- wanted by that\n"),
    ("bare_exemption", "mockserver/a.py", "import x  # type: ignore[misc]  # no types there\n"),
    ("bare_exemption", "mockserver/a.py", 'X = "# noqa"\n'),
    ("relative_import", "mockserver/a.py", "from adsmock.mockserver import b\n"),
    ("relative_import", "harness/client/a.py", "from . import b\n"),
    ("dependent_client", "harness/client/retry/a.py", "import json\nfrom ..call import Call\n"),
    ("dependent_client", "harness/client/a.py", "import requests\nfrom .retry import chain\n"),
    (
        "dependent_client",
        "harness/client/a.py",
        "if TYPE_CHECKING:\n    from prometheus_client import Counter\n",
    ),
    ("dependent_client", "harness/suite/a.py", "from adsmock.contracts import loader\n"),
    ("bare_name", "mockserver/a.py", "from adsmock.contracts import form\nfrom . import harness\n"),
    ("silent_skip", "tests/test_a.py", 'pytest.skip("no browser here")\n'),
    ("left_undone", "README.md", "what is to do\n"),
    ("forbidden_word", "README.md", "see the work of others\n"),
    ("refused_word", "mockserver/a.py", '"""Returns new lists of the caller."""\n'),
    ("refused_word", "mockserver/a.py", "X = 'stands'\nY = {'told': 1}\nZ = X.drawn\n"),
    ("refused_word", "mockserver/a.py", "handler = interface = outdoors = understands = 1\n"),
    ("refused_word", "mockserver/a.py", "X = 1  # the mutant `hasty-poll` and ``a.told``\n"),
    ("refused_word", "README.md", "The behavior of a canceled export in the catalog.\n"),
    ("refused_word", "README.md", "Second-hand ads, off-the-face.\n"),
    ("refused_word", "contracts/meta/a.schema.json", '{"beside": {"type": "string"}}\n'),
]


@pytest.mark.parametrize("name", GATES)
def test_gate_holds_over_the_repository(name):
    check, files = GATES[name]
    assert files
    complaints = [each for path in files for each in check(path, repository.read(path))]
    left = [each for each in complaints if not repository.is_exempt(name, each)]
    assert not left, "\n".join(["", *left])


@pytest.mark.parametrize(("name", "path", "text"), REFUSED)
def test_gate_refuses_a_bad_example(name, path, text):
    assert list(GATES[name][0](path, text)) != []


@pytest.mark.parametrize(("name", "path", "text"), ACCEPTED)
def test_gate_accepts_a_good_example(name, path, text):
    assert list(GATES[name][0](path, text)) == []


def test_every_gate_has_a_bad_example():
    assert {name for name, _path, _text in REFUSED} == set(GATES)


def test_every_exemption_is_needed_and_says_why():
    for exemption in repository.EXEMPTIONS:
        check, _files = GATES[exemption.gate]
        path = exemption.subject.split("::")[0]
        found = [each.split(": ")[0] for each in check(path, repository.read(path))]
        assert exemption.subject in found, f"no longer needed: {exemption}"
        assert len(exemption.reason) > 20, f"no reason: {exemption}"
