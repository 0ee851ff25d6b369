"""The nightly job of ``unmodified``, with its hosts from the environment instead of written in."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "unmodified"))

import nightly

nightly.REGIONS = {
    name: (os.environ[f"ADS_{name}"], os.environ[f"LWA_{name}"]) for name in nightly.REGIONS
}

if __name__ == "__main__":
    sys.exit(nightly.main())
