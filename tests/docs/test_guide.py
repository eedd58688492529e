"""Every command of the guide runs, in the order of its page, in both languages the same."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.processes import environment

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = ["leader.md", "analyst.md", "process.md", "goals.md"]


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_give_the_same_commands(name: str):
    assert commands(GUIDE / "en" / name) == commands(GUIDE / "zh" / name) != []


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_run(name: str, tmp_path: Path):
    around = environment(tmp_path / "var", DEMO_SERVE="0")
    for command in commands(GUIDE / "en" / name):
        # The page's `make demo` is this verb after the setting up, which the tests stand on already.
        command = command.replace("make demo", "steelyard demo")
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=around,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip() or command.startswith("printf"), command
