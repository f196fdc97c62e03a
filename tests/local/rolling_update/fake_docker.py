"""A docker command whose containers are processes of this machine. Its state is the folder $FAKE_DOCKER.

An image is a copy of the folder that was built; the last CMD of its Dockerfile, in JSON, is what a container runs. A
container's process is watched by another one, which writes down how it ended: as with docker, both outlive the command.
Options are those that `roadworthy rolling-update` uses; any other one is refused, as docker does.
"""

# ruff: noqa: T201, PLC0415 - what it prints is its answer; what is slow to import is imported where it is needed
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

STATE = Path(os.environ.get("FAKE_DOCKER", "."))
IMAGES, CONTAINERS = STATE / "images", STATE / "containers"


class RefusedError(Exception):
    """What docker would say, and its exit code."""

    def __init__(self, words: str, code: int = 1) -> None:
        super().__init__(words)
        self.code = code


def main() -> int:
    """Do what the arguments say, a while later: a real daemon needs its time too."""
    with open(STATE / "calls.jsonl", "a") as calls:
        calls.write(json.dumps(sys.argv[1:]) + "\n")
    if sys.argv[1] == "--watch":
        return watch(sys.argv[2])
    if (STATE / "no-daemon").exists():
        return say("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?")
    refused = STATE / "refuse" / sys.argv[1]
    if refused.exists():
        return say(f"Error response from daemon: {refused.read_text()}")
    time.sleep(float(os.environ.get("FAKE_DOCKER_SECONDS", "0")))
    try:
        return VERBS[sys.argv[1]](sys.argv[2:]) or 0
    except RefusedError as error:
        return say(str(error), error.code)


def say(words: str, code: int = 1) -> int:
    print(words, file=sys.stderr)
    return code


# --- containers


def read(name: str) -> dict:
    try:
        return json.loads((CONTAINERS / name / "config.json").read_text())
    except FileNotFoundError:
        raise RefusedError(f"Error response from daemon: No such container: {name}") from None


def status(name: str) -> tuple[str, int]:
    folder = CONTAINERS / name
    if (ended := folder / "ended").exists():
        return "exited", int(ended.read_text())
    return ("running" if (folder / "pid").exists() else "created"), 0


def variables(config: dict) -> dict[str, str]:
    found = {"PATH": os.environ["PATH"]}
    for file in config["env_file"]:
        pairs = [line.partition("=") for line in Path(file).read_text().splitlines() if line and line[0] != "#"]
        found |= {name: value for name, _, value in pairs}
    return found | {name: value for name, _, value in (pair.partition("=") for pair in config["env"])}


def command(image: Path) -> list[str]:
    lines = (image / "Dockerfile").read_text().splitlines()
    return json.loads(next(line[4:] for line in reversed(lines) if line.startswith("CMD ")))


def on_this_python(words: list[str]) -> list[str]:
    return [sys.executable, "-E", "-S", *words[1:]] if words[0] == "python" else words


def made(arguments: list[str]) -> "argparse.Namespace":
    import argparse

    parser = argparse.ArgumentParser()
    for option in ("--name", "--network", "--restart"):
        parser.add_argument(option, default="no")
    for option in ("--label", "--env", "--env-file", "--volume"):
        parser.add_argument(option, action="append", default=[])
    for option in ("--detach", "--rm"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("image")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args(arguments)
    if not image_of(args.image).exists():
        raise RefusedError(
            f"Unable to find image '{args.image}' locally\ndocker: Error response from daemon: pull", 125
        )
    if (CONTAINERS / args.name).exists():
        raise RefusedError(f'docker: Error response from daemon: Conflict. The name "/{args.name}" is in use', 125)
    (CONTAINERS / args.name).mkdir(parents=True)
    args.variables = variables(vars(args))  # docker reads the files when it makes the container
    args.image_id = (image_of(args.image) / "id").read_text()
    (CONTAINERS / args.name / "config.json").write_text(json.dumps(vars(args)))
    return args


def run(arguments: list[str]) -> int:
    import shutil
    import subprocess

    args = made(arguments)
    if args.detach:
        print(begin(args.name))
        return 0
    folder = CONTAINERS / args.name
    process = subprocess.Popen(
        on_this_python(args.command or command(image_of(args.image))),
        cwd=image_of(args.image),
        env=args.variables,
    )
    (folder / "pid").write_text(str(process.pid))
    code = process.wait()
    shutil.rmtree(folder)
    return code


def create(arguments: list[str]) -> None:
    print(made(arguments).name)


def start(arguments: list[str]) -> None:
    (name,) = arguments
    read(name)
    if status(name)[0] != "running":
        begin(name)
    print(name)


def begin(name: str) -> str:
    import subprocess

    folder = CONTAINERS / name
    for file in ("ended", "pid"):
        (folder / file).unlink(missing_ok=True)
    with open(folder / "log", "a") as log:
        script = [sys.argv[0], "--watch", str(folder)]
        subprocess.Popen(script, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    until(lambda: (folder / "pid").exists() or (folder / "ended").exists(), 10)
    if (folder / "ended").exists() and not (folder / "pid").exists():
        raise RefusedError("docker: Error response from daemon: exec: executable file not found in $PATH", 127)
    return name


def watch(folder: str) -> int:
    """The process beside a container's: writes its id and, once it has ended, its exit code."""
    import subprocess

    # The folder may be renamed meanwhile: it is held, and its files are found from it.
    os.chdir(folder)
    config = json.loads(Path("config.json").read_text())
    image = image_of(config["image"])
    try:
        process = subprocess.Popen(
            on_this_python(config["command"] or command(image)), cwd=image, env=config["variables"]
        )
    except OSError:
        Path("ended").write_text("127")
        return 0
    Path("pid.new").write_text(str(process.pid))
    Path("pid.new").rename("pid")
    code = process.wait()
    try:
        Path("ended.new").write_text(str(code if code >= 0 else 128 - code))
        Path("ended.new").rename("ended")
    except OSError:  # the container was removed
        return 0
    return 0


def stop(arguments: list[str]) -> None:
    _, seconds, name = arguments
    read(name)
    if status(name)[0] == "running":
        kill(name, signal.SIGTERM)
        if not until(lambda: status(name)[0] == "exited", float(seconds)):
            kill(name, signal.SIGKILL)
            until(lambda: status(name)[0] == "exited", 10)
    print(name)


def remove(arguments: list[str]) -> None:
    import shutil

    _, name = arguments
    read(name)
    if status(name)[0] == "running":
        kill(name, signal.SIGKILL)
        until(lambda: read(name)["rm"] or status(name)[0] == "exited", 10)
    shutil.rmtree(CONTAINERS / name)
    print(name)


def kill(name: str, number: int) -> None:
    try:
        os.kill(int((CONTAINERS / name / "pid").read_text()), number)
    except ProcessLookupError:
        return


def until(true, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def rename(arguments: list[str]) -> None:
    name, to = arguments
    read(name)
    if (CONTAINERS / to).exists():
        raise RefusedError(f'Error response from daemon: Conflict. The name "/{to}" is in use')
    (CONTAINERS / name).rename(CONTAINERS / to)


def logs(arguments: list[str]) -> None:
    _, lines, name = arguments
    read(name)
    log = CONTAINERS / name / "log"
    print("\n".join(log.read_text().splitlines()[-int(lines) :]) if log.exists() else "")


def execute(arguments: list[str]) -> int:
    import subprocess

    name, *words = arguments
    config = read(name)
    if status(name)[0] != "running":
        raise RefusedError(f"Error response from daemon: container {name} is not running")
    try:
        command = on_this_python(words)
        done = subprocess.run(command, cwd=image_of(config["image"]), env=config["variables"], check=False)
    except OSError:
        raise RefusedError(f'OCI runtime exec failed: exec failed: "{words[0]}": not found: unknown', 127) from None
    return done.returncode


def container(arguments: list[str]) -> None:
    _, name = arguments
    config = read(name)
    state, code = status(name)
    labels = dict(label.split("=", 1) for label in config["label"])
    found = {
        "State": {"Status": state, "ExitCode": code},
        "Config": {"Image": config["image"], "Labels": labels},
        "Image": config["image_id"],
        "RestartCount": 0,
    }
    print(json.dumps([found]))


# --- images


def image_of(reference: str) -> Path:
    return IMAGES / reference.replace("/", "_")


def image(arguments: list[str]) -> None:
    reference = arguments[-1]
    if not image_of(reference).exists():
        raise RefusedError(f"Error response from daemon: No such image: {reference}")
    print((image_of(reference) / "id").read_text())


def build(arguments: list[str]) -> None:
    import shutil

    _, reference, folder = arguments
    if "RUN false" in (Path(folder) / "Dockerfile").read_text():
        raise RefusedError('ERROR: failed to build: process "/bin/sh -c false" did not complete: exit code: 1')
    shutil.rmtree(image_of(reference), ignore_errors=True)
    shutil.copytree(folder, image_of(reference))
    (image_of(reference) / "id").write_text(f"sha256:{os.getpid():064d}")
    print(f"naming to {reference} done", file=sys.stderr)


def pull(arguments: list[str]) -> None:
    raise RefusedError(f"Error response from daemon: pull access denied for {arguments[0]}, repository does not exist")


def version(_arguments: list[str]) -> None:
    print("28.2.2")


VERBS = {
    "build": build,
    "container": container,
    "create": create,
    "exec": execute,
    "image": image,
    "logs": logs,
    "pull": pull,
    "rename": rename,
    "rm": remove,
    "run": run,
    "start": start,
    "stop": stop,
    "version": version,
}
