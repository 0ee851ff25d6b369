"""Alert rules and a dashboard for the metrics of client and mock, as files."""

from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("alerts.yml", "board.json")
