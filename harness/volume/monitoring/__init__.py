"""Alert rules and a board for the metrics of client and mock: files, ready to be loaded."""

from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("alerts.yml", "board.json")
