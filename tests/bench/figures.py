"""What the parts of a run add up to, and the files it leaves: picture, figures, table."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.bench import growth, plot
from tests.bench.aim import Aim


@dataclass
class Figures:
    """Bars and curves of the plot, figures with their targets, and all printed lines."""

    bars: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    curves: list[growth.Line] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def tell(self, rows: list[str]) -> None:
        """Print lines and keep them for the file."""
        self.printed += rows
        sys.stdout.write("\n".join(rows) + "\n")
        sys.stdout.flush()

    def keep(self, folder: Path) -> None:
        """Write picture, figures and table."""
        folder.mkdir(parents=True, exist_ok=True)
        picture = plot.drawing(f"adsmock, {self.printed[0]}", self.bars, self.curves)
        (folder / "bench.svg").write_text(picture, "utf-8")
        figures = {
            "conditions": self.printed[: self.printed.index("")],
            "rates": self.bars,
            "growth": [asdict(one) for one in self.curves],
            "targets": [asdict(one) | {"held": one.is_held} for one in self.aims],
        }
        (folder / "bench.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
        table = "\n".join(["# adsmock bench", "", "```text", *self.printed, "```", ""])
        (folder / "bench.md").write_text(table, "utf-8")
