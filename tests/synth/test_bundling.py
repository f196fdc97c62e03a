"""Lambda bundles: what is locked, under the package's own name, made once."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from roadworthy.patterns.bundling import BundlingError, bundle

pytestmark = pytest.mark.synth

LAMBDAS = Path(__file__).parents[2] / "lambdas"


@pytest.fixture
def package(tmp_path):
    package = tmp_path / "hello"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "handler.py").write_text("def handler(event, context):\n    return 'hello'\n")
    return package


def names(bundled):
    with zipfile.ZipFile(bundled) as archive:
        return archive.namelist()


def test_the_package_keeps_its_name(package):
    assert "hello/handler.py" in names(bundle(package, python="3.14"))


def test_the_same_sources_are_bundled_once(package):
    first = bundle(package, python="3.14")
    stamp = first.stat().st_mtime_ns
    assert bundle(package, python="3.14") == first
    assert first.stat().st_mtime_ns == stamp


def test_changed_sources_make_another_bundle(package):
    first = bundle(package, python="3.14")
    (package / "handler.py").write_text("handler = None\n")
    assert bundle(package, python="3.14") != first


def test_a_package_that_is_shared_is_in_the_bundle_and_changes_it(package, tmp_path):
    shared = tmp_path / "greetings"
    shared.mkdir()
    (shared / "__init__.py").touch()
    first = bundle(package, python="3.14", shared=[shared])
    assert {"hello/handler.py", "greetings/__init__.py"} <= set(names(first))
    (shared / "__init__.py").write_text("HELLO = 'hello'\n")
    assert bundle(package, python="3.14", shared=[shared]) != first


def test_a_folder_without_a_handler_is_refused(tmp_path):
    with pytest.raises(BundlingError, match=r"has no handler\.py"):
        bundle(tmp_path, python="3.14")


def test_a_requirement_that_is_not_locked_is_refused_and_leaves_nothing_behind(package):
    (package / "requirements.txt").write_text("urllib3\n")
    with pytest.raises(BundlingError, match=r"requirements\.txt could not be installed for Python 3\.14"):
        bundle(package, python="3.14")
    assert list((package.parent / ".build").iterdir()) == []


def test_byte_code_is_shipped_where_it_fits_the_runtime(package):
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert any(name.endswith(".pyc") for name in names(bundle(package, python=here)))
    assert not any(name.endswith(".pyc") for name in names(bundle(package, python="3.99")))


def test_the_same_sources_make_the_same_bytes_at_any_time(package):
    first = bundle(package, python="3.14")
    content = first.read_bytes()
    first.unlink()
    assert bundle(package, python="3.14").read_bytes() == content


def test_every_file_can_be_read_by_lambdas_own_user(package):
    with zipfile.ZipFile(bundle(package, python="3.14")) as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}


@pytest.mark.parametrize("name", ["query", "query_result", "stream_processor", "image_gate"])
def test_each_lambda_imports_from_its_bundle_and_boto3_alone(name):
    built = bundle(LAMBDAS / name, python="3.14")
    code = f"import sys; sys.path.insert(0, {str(built)!r}); import {name}.handler as h; print(h.__file__)"
    found = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(built))


@pytest.mark.parametrize("name", ["migration", "health_gate", "tick_guard", "steps", "deadline"])
def test_each_deployment_function_imports_from_its_bundle_and_boto3_alone(name):
    built = bundle(LAMBDAS / f"deployment_{name}", python="3.14", shared=[LAMBDAS / "deployment_hook"])
    code = f"import sys; sys.path.insert(0, {str(built)!r}); import deployment_{name}.handler as h; print(h.__file__)"
    found = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(built))
