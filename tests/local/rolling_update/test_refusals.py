"""What is refused before anything is done, with the exit code, in one line."""

import pytest

from tests.local.rolling_update.machine import Machine, Ran


def refused(ran: Ran, code: int, words: str) -> None:
    assert (ran.code, ran.out, ran.numbered) == (code, "", [])
    assert words in ran.err
    assert ran.err.count("\n") == 1


def test_docker_is_not_installed(bare: Machine):
    bare.version("2")
    (bare.folder / "bin" / "docker").unlink()
    bare.environment["PATH"] = str(bare.folder / "bin")
    refused(bare.update("2"), 1, "the command `docker` is not on the PATH: install Docker on this host")


def test_the_daemon_does_not_run(bare: Machine):
    bare.version("2")
    (bare.state / "no-daemon").touch()
    words = "the Docker daemon does not answer: Cannot connect to the Docker daemon at unix:///var/run/docker.sock"
    refused(bare.update("2"), 1, words)


def test_the_green_port_is_in_use(machine: Machine):
    machine.version("2")
    machine.green_port = machine.port
    machine.port += 1
    refused(machine.update("2"), 1, f"port {machine.green_port}, where the new version is to prove itself, is in use")
    assert machine.containers() == {"web": "running"}


def test_the_production_port_is_another_programs(machine: Machine):
    machine.version("2")
    machine.docker("rename", "web", "shop")
    refused(machine.update("2"), 1, f"port {machine.port} is in use, and not by a container web")
    assert machine.containers() == {"shop": "running"}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--env-file", "absent.env"), 2, "--env-file absent.env: no such file or directory"),
        (("--build", "/proc"), 10, "--build /proc: there is no Dockerfile"),
        (("--image", "web:latest"), 2, "could be another image tomorrow"),
    ],
)
def test_what_cannot_be_meant(bare: Machine, options: tuple[str, ...], code: int, words: str):
    bare.version("2")
    refused(bare.update("2", *options), code, words)


def test_an_image_that_no_registry_has_keeps_blue(machine: Machine):
    ran = machine.update("absent", build=False)
    assert (ran.code, machine.containers()) == (1, {"web": "running"})
    assert "pull access denied for web:absent" in ran.err
    assert ran.found["why"] == "`docker pull web:absent` failed: it ended with 1, and said why"


def test_a_dry_run_prints_the_commands_and_runs_none(bare: Machine):
    bare.version("2")
    ran = bare.update("2", "--dry-run", "--migrate", "python migrate.py", "--tick-command", "python idle.py")
    verbs = [" ".join(line.split()[1:3]) for line in ran.out.splitlines()]
    assert verbs[:4] == ["build --tag", "run --rm", "run --detach", "create --name"]
    assert ran.out.splitlines()[4:] == [
        "docker exec web python idle.py",
        "docker stop -t 3 web",
        "docker start web-next",
        "docker rm --force web",
        "docker rename web-next web",
        "docker stop -t 10 web-green",
        "docker rm --force web-green",
    ]
    assert not (bare.state / "calls.jsonl").exists()
