"""The fenced blocks of a page, each with the note that a comment before it carries.

A note is one of: ``exit: CODE`` (the commands end with it), ``not run: REASON`` (the block is only
parsed), ``before FILE: TEXT`` (the lines are inserted before the first line that contains TEXT),
and ``output`` (a sample of what a program prints).
"""

import re
from dataclasses import dataclass

BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*) -->\n)?^```(?P<kind>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    kind: str
    title: str
    note: str
    text: str
    line: int

    @property
    def is_run(self):
        return not self.note.startswith("not run: ")

    @property
    def code(self):
        return int(self.note.removeprefix("exit: ")) if self.note.startswith("exit: ") else 0

    @property
    def commands(self):
        """The commands, each with its exit code: a comment may end with ``exit CODE``."""
        found = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                command, _, comment = line.removeprefix("$ ").partition("  # ")
                code = re.search(r"\bexit (\d+)$", comment)
                found.append((command.strip(), int(code[1]) if code else self.code))
        return found


def blocks_of(text):
    """Return the blocks of a page."""
    found = [
        Block(
            one["kind"],
            one["title"] or "",
            one["note"] or "",
            one["text"],
            text.count("\n", 0, one.start("kind")) + 1,
        )
        for one in BLOCK.finditer(text)
    ]
    assert len(found) == len(re.findall(r"^```", text, re.MULTILINE)) / 2, (
        "an unknown form of block"
    )
    return found
