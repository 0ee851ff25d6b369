"""The model template: in YAML for people, and the same in JSON for programs without YAML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MODEL = Path(__file__).with_name("consumer.yaml")
"""A template that passes every rule, to copy."""

MODEL_JSON = MODEL.with_suffix(".json")


def model_values() -> dict[str, Any]:
    """Return the values of the model template, as a copy."""
    return dict(json.loads(MODEL_JSON.read_text("utf-8")))
