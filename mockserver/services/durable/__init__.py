"""State that survives a restart: a log of what each call changed, and checkpoints.

``data_directory.DataDirectory`` opens a folder, restores its sandboxes and records the later
changes.
"""


class DataError(Exception):
    """A data directory that cannot be used; the text says why and what to do."""
