"""Every line of docs/testing-pipelines.md runs, and it names every fault."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

from roadworthy.testing import faults

PAGE = Path(__file__).parents[3] / "docs" / "testing-pipelines.md"
FILES = re.compile(r"```python\n# (\w+\.py)\n(.*?)```", re.DOTALL)


def test_the_files_of_the_page_run(tmp_path):
    files = dict(FILES.findall(PAGE.read_text()))
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    quick = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=quick, capture_output=True, text=True, check=False)
    assert (done.returncode, "11 passed" in done.stdout) == (0, True), done.stdout


def test_every_python_block_is_one_of_these_files():
    text = PAGE.read_text()
    assert text.count("```python\n") == len(FILES.findall(text))


def test_the_page_names_every_fault():
    functions = inspect.getmembers(faults, lambda one: inspect.isfunction(one) and one.__module__ == faults.__name__)
    public = {name for name, _ in functions if not name.startswith("_")}
    table = PAGE.read_text().partition("| fault |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)\(", table)) == public
