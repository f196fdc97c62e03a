"""What the command line makes of its arguments: seen in the docker commands of a dry run."""

import json
import subprocess
from pathlib import Path

import pytest

from roadworthy.cli import main
from roadworthy.cli.operate.rolling_update import seconds


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a Dockerfile, and no region in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENV_REGION", raising=False)
    (tmp_path / "Dockerfile").touch()
    return tmp_path


def planned(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["rolling-update", *arguments, "--dry-run", "--output", "json"]) == 0
    return list(json.loads(capsys.readouterr().out)["commands"])


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["rolling-update", *arguments, "--dry-run"]) == 2
    return capsys.readouterr().err.removeprefix("roadworthy: ").removesuffix("\n")


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)  # noqa: S607
    return done.stdout.strip()


def test_the_image_is_named_by_the_last_commit_of_its_folder(folder: Path, capsys: pytest.CaptureFixture[str]):
    git(folder, "init", "-q")
    git(folder, "add", "Dockerfile")
    git(folder, "commit", "-q", "-m", "first")
    commit = git(folder, "log", "-1", "--abbrev=12", "--format=%h")
    assert planned(capsys, "Web", "--build", ".")[0] == f"docker build --tag web:{commit} ."


def test_without_a_commit_it_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]):
    said = refused(capsys, "web", "--build", str(folder))
    assert said.startswith(f"--build {folder}: ")
    assert said.endswith(": pass --image web:TAG")


def test_without_folder_and_image_there_is_nothing_to_run(folder: Path, capsys: pytest.CaptureFixture[str]):
    said = "which image? Pass --build with a folder, or --image with a tag or a digest"
    assert refused(capsys, "web") == said


def test_a_tag_alone_is_of_the_image_with_the_services_name(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert planned(capsys, "web", "--image", "9d8e7f6")[0].endswith(" web:9d8e7f6")


def test_the_ports_are_5221_and_5222(folder: Path, capsys: pytest.CaptureFixture[str]):
    green, following = planned(capsys, "web", "--image", "web:2")[:2]
    assert "--env PORT=5222" in green
    assert "--env PORT=5221" in following


def test_ports_and_their_variable_are_others(folder: Path, capsys: pytest.CaptureFixture[str]):
    others = ("--port", "8000", "--green-port", "8001", "--port-variable", "HTTP_PORT")
    green, following = planned(capsys, "web", "--image", "web:2", *others)[:2]
    assert "--env HTTP_PORT=8001" in green
    assert "--env HTTP_PORT=8000" in following


def test_the_region_is_the_flags_before_the_environments(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert "ENV_REGION" not in planned(capsys, "web", "--image", "web:2")[0]
    monkeypatch.setenv("ENV_REGION", "eu-west-1")
    assert "--env ENV_REGION=eu-west-1" in planned(capsys, "web", "--image", "web:2")[0]
    assert "--env ENV_REGION=us-east-1" in planned(capsys, "web", "--image", "web:2", "--region", "us-east-1")[0]


def test_options_of_docker_are_passed_on(folder: Path, capsys: pytest.CaptureFixture[str]):
    green = planned(capsys, "web", "--image", "web:2", "--option=--volume=/a b:/a", "--env", "A=b=c")[0]
    assert "'--volume=/a b:/a' web:2" in green
    assert "--env A=b=c" in green


@pytest.mark.parametrize(("text", "value"), [("0.25s", 0.25), ("5s", 5), ("1m30s", 90), ("2m", 120)])
def test_times_may_be_parts_of_a_second(text: str, value: float):
    assert seconds(text) == value


def test_no_time_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert "'0.0s' is no time" in refused(capsys, "web", "--image", "web:2", "--interval", "0.0s")
