"""The environment of a process that a test starts: the product's own settings on a folder of its choice."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "STEELYARD_DATABASE_URL"}
    own = {
        "DJANGO_SETTINGS_MODULE": "steelyard.config.settings",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "STEELYARD_DATA": str(data),
    }
    return kept | own | more
