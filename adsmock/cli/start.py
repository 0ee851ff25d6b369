"""The ``adsmock`` script: imports almost nothing before it can handle an interruption.

Imports outside ``main`` would end in a traceback when ^C interrupts them.
"""


def main() -> int:
    """Run the command on the arguments of the process and return its exit code."""
    try:
        from adsmock.cli.main import main as run  # noqa: PLC0415 -- see above

        return run()
    except KeyboardInterrupt:
        return 130
