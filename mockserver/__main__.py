"""``python -m adsmock.mockserver COMMAND``: the mock's commands without the rest of adsmock."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import NoReturn

VERBS = {
    name: f"adsmock.mockserver.command.{name}"
    for name in ("serve", "exec", "ctl", "apply", "fidelity")
}


class _Parser(argparse.ArgumentParser):
    """A parser that words a usage error in one line."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise SystemExit(2)


def main(words: list[str] | None = None) -> int:
    """Run one verb and return its exit code; a usage error is one line and code 2."""
    words = sys.argv[1:] if words is None else words
    verb = words[0] if words else ""
    if verb not in VERBS:
        stream = sys.stdout if verb in {"-h", "--help"} else sys.stderr
        stream.write(f"usage: python -m adsmock.mockserver {{{','.join(VERBS)}}} …\n")
        return 0 if stream is sys.stdout else 2
    module = import_module(VERBS[verb])
    parser = _Parser(
        prog=f"python -m adsmock.mockserver {verb}",
        description=module.SUMMARY,
        epilog=module.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(parser)
    code: int = module.run(parser.parse_args(words[1:]))
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone: there is nobody to write to
