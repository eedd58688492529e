"""Where the data for tests and measurements lie; nobody on this project wrote them, and none is shipped."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("STEELYARD_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
