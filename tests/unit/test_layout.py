"""What the layout of the repository promises."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_constructs_is_a_source_root_and_never_a_package():
    assert not (ROOT / "constructs" / "__init__.py").exists()


def test_the_installed_constructs_package_is_found_from_the_repositorys_folder():
    code = "import constructs; print(constructs.__file__)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "site-packages" in found


@pytest.mark.parametrize("module", ["roadworthy", "roadworthy.rules", "roadworthy.cli", "roadworthy.environments"])
def test_the_light_modules_import_neither_cdk_nor_boto3(module):
    code = f"import {module}, sys; print({{'aws_cdk', 'jsii', 'boto3', 'botocore'}} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "set()"


def test_locks_name_hashes_and_no_registry():
    locks = [
        ROOT / "requirements.txt",
        *ROOT.glob("lambdas/*/requirements.txt"),
        *ROOT.glob("containers/*/requirements.txt"),
    ]
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text
        assert "index-url" not in text
        assert text.count("==") <= text.count("--hash=sha256:")
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_card_names_stand_at_the_top_level():
    for name in ("app.py", "cdk.json", "stacks", "constructs", "lambdas", "tests", "requirements.txt"):
        assert (ROOT / name).exists(), name
