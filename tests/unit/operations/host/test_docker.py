"""What docker answers, read; what it refuses, told in one line."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from shutil import which

import pytest

from roadworthy.operations.host import commands
from roadworthy.operations.host.docker import Container, Docker, DockerError, Done, reason
from roadworthy.operations.host.plan import Update

UPDATE = Update(
    "web",
    "web:2",
    environment={"ENV_REGION": "eu-west-1"},
    env_files=(Path("web.env"),),
    options=("--volume=/data:/data",),
    migrate=("python", "-m", "app.migrate"),
)
SHARED = [
    *("--network", "host", "--label", "roadworthy.rolling-update=web", "--env-file", "web.env"),
    *("--env", "ENV_REGION=eu-west-1", "--env"),
]
# In docker 28's own words.
ABSENT = "Error response from daemon: No such container: web\n"
FOUND = {
    "Id": "4f1c",
    "Image": "sha256:9d8e",
    "RestartCount": 2,
    "State": {"Status": "restarting", "Running": True, "ExitCode": 137},
    "Config": {"Image": "web:1", "Labels": {"roadworthy.rolling-update": "web"}},
}


def answering(done: Done) -> Docker:
    def run(_arguments: Sequence[str], *, timeout: float | None = None, shown: bool = False) -> Done:
        return done

    return Docker(run)


def test_green_is_on_its_own_port_and_is_not_restarted():
    begin = ["run", "--detach", "--name", "web-green", "--restart", "no"]
    assert list(commands.green(UPDATE)) == [*begin, *SHARED, "PORT=5222", "--volume=/data:/data", "web:2"]


def test_the_next_one_is_on_the_production_port_with_the_policy():
    begin = ["create", "--name", "web-next", "--restart", "unless-stopped"]
    assert list(commands.next_one(UPDATE)) == [*begin, *SHARED, "PORT=5221", "--volume=/data:/data", "web:2"]


def test_the_migration_goes_when_it_has_ended():
    begin = ["run", "--rm", "--name", "web-migrate"]
    end = ["web:2", "python", "-m", "app.migrate"]
    assert list(commands.migration(UPDATE)) == [*begin, *SHARED, "PORT=5222", "--volume=/data:/data", *end]


def test_a_container_is_read():
    found = answering(Done(0, json.dumps([FOUND]))).container("web")
    assert found == Container("web", "web:1", "sha256:9d8e", "restarting", 137, 2, "web")
    assert found.alive


def test_a_container_without_labels_is_nobodys():
    config = {"Image": "web:1", "Labels": None}
    found = answering(Done(0, json.dumps([{**FOUND, "Config": config}]))).container("web")
    assert found is not None
    assert found.owner == ""


def test_no_such_container_is_none_and_anything_else_an_error():
    assert answering(Done(1, "[]\n", ABSENT)).container("web") is None
    with pytest.raises(DockerError, match="permission denied"):
        answering(Done(1, "[]\n", "permission denied while trying to connect")).container("web")


SAID = {
    "docker: Error response from daemon: Conflict.\n\nRun 'docker run --help' for more information": "Conflict",
    "Unable to find image 'a:1' locally\ndocker: Error response from daemon: pull access denied": "pull access denied",
    "Error response from daemon: No such container: a\nError: failed to rename container": "No such container: a",
    "": "it ended with 1",
}


@pytest.mark.parametrize(("err", "words"), SAID.items())
def test_dockers_words_are_told_without_their_frame(err: str, words: str):
    assert reason(Done(1, err=err)) == words


def test_secrets_on_the_command_line_are_not_in_the_message():
    with pytest.raises(DockerError) as refused:
        answering(Done(1, err="no space left")).make(commands.green(UPDATE))
    assert str(refused.value) == "`docker run ... web-green` failed: no space left"


def test_a_command_that_a_container_lacks_is_no_answer():
    with pytest.raises(DockerError, match="`idle --now` cannot be run in container web"):
        answering(Done(127, err="exec failed")).execute("web", ("idle", "--now"), 1)
    assert answering(Done(1)).execute("web", ("idle", "--now"), 1) == 1


FORMS = [
    commands.green(UPDATE),
    commands.next_one(UPDATE),
    commands.migration(UPDATE),
    ("version", "--format", "{{.Server.Version}}"),
    ("container", "inspect", "web"),
    ("image", "inspect", "--format", "{{.Id}}", "web:2"),
    ("pull", "web:2"),
    ("start", "web"),
    ("stop", "-t", "3", "web"),
    ("rm", "--force", "web"),
    ("rename", "web-next", "web"),
    ("logs", "--tail", "10", "web"),
    ("exec", "web", "python", "-m", "app.idle"),
]


@pytest.mark.skipif(which("docker") is None, reason="the docker command is not installed")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_the_real_command_takes_the_form_and_asks_for_a_daemon(form: tuple[str, ...], tmp_path: Path):
    """It reads its options before it looks for a daemon, of which there is none at this address."""
    (tmp_path / "web.env").touch()
    environment = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    done = subprocess.run(
        [str(which("docker")), *form], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert "Cannot connect to the Docker daemon" in done.stderr
    assert "unknown" not in done.stderr
