"""The reference of forecasts names the constants as they are, every method and every verdict."""

import re
from pathlib import Path

from steelyard.engine.forecast import calibration, quota_quality, season, simulated, smoothing

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "forecast.md").read_text("utf-8")


def row(name: str) -> str:
    return next(line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line)


def test_the_constants_are_told_as_they_are() -> None:
    assert f"{calibration.POOLED_FIRST:.2f}, −{-calibration.POOLED_SLOPE}" in row("POOLED_FIRST")
    assert f"| {calibration.POOL_WEIGHT:g} |" in row("POOL_WEIGHT")
    assert f"{smoothing.SHARPNESS}, {smoothing.THETA_PART}" in row("SHARPNESS")
    assert f"{season.SHRINKAGE}" in row("SHRINKAGE")
    assert f"{simulated.RESAMPLED}" in row("RESAMPLED")


def test_every_method_and_verdict_is_told() -> None:
    source = Path(calibration.__file__).parent
    methods = set(
        re.findall(r"`(\w+)`", (source / "findings.py").read_text("utf-8").split("    method\n")[1][:120])
    )
    assert {"smoothing", "resampling", "constant"} <= methods <= set(re.findall(r"`(\w+)`", PAGE))
    verdicts = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)": ', (source / "rates.py").read_text("utf-8")))
    assert len(verdicts) == 6
    assert verdicts | {"too-few", "sound"} <= set(re.findall(r"`([a-z-]+)`", PAGE))
    assert quota_quality([]).verdicts == ("too-few",)
