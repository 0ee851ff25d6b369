"""What the ``adsmock`` script imports: so little that an interruption hardly finds it at work.

Knows where the command is, and that ^C ends with 130 and no word. Must not import anything
outside ``main``: whatever is interrupted there ends in a traceback.
"""


def main() -> int:
    """Run the command on the words of the process and return its exit code."""
    try:
        from adsmock.cli.main import main as run  # noqa: PLC0415 -- see above

        return run()
    except KeyboardInterrupt:
        return 130
