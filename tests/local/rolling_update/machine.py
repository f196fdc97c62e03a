"""A machine with the fake docker on its PATH: services are folders, the command is a process, as a user starts it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "roadworthy.cli", "rolling-update")
HERE = Path(__file__).parent
# The times of a real update, shortened: what is waited for is the same.
QUICK = (
    *("--interval", "0.5s", "--tries", "4", "--poll", "0.05s", "--probe-every", "0.05s"),
    *("--max-downtime", "20s"),  # other tests may need the processor: what is measured is held to less
    *("--tick-protection", "0.2s", "--tick-poll", "0.1s", "--tick-timeout", "1s", "--verify-interval", "0.1s"),
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Ran:
    """How the command ended."""

    code: int
    out: str
    err: str

    @property
    def found(self) -> dict[str, Any]:
        """The last line."""
        return dict(json.loads(self.out.splitlines()[-1]))

    @property
    def numbered(self) -> list[str]:
        """The numbers of the lines of the six steps."""
        return [line[:5] for line in self.err.splitlines() if line.startswith("[")]


@dataclass
class Machine:
    """One host."""

    folder: Path
    port: int = field(default_factory=free_port)
    green_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.state = self.folder / "docker"
        (self.state / "refuse").mkdir(parents=True)
        command = self.folder / "bin" / "docker"
        command.parent.mkdir()
        start = f"import sys\nsys.path.insert(0, {str(HERE)!r})\nimport fake_docker\nsys.exit(fake_docker.main())\n"
        command.write_text(f"#!{sys.executable} -ES\n{start}")
        command.chmod(0o755)
        self.environment = os.environ | {
            "FAKE_DOCKER": str(self.state),
            "PATH": f"{command.parent}:{os.environ['PATH']}",
            "TMPDIR": str(self.folder),
        }
        self.environment.pop("ENV_REGION", None)

    def version(self, version: str, *, dockerfile: str = "", migrate: str = "", **manners: Any) -> Path:
        """The folder of a version of the service."""
        folder = self.folder / f"version-{version}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(HERE / "service.py", folder)
        (folder / "Dockerfile").write_text(f'FROM python:3.13\n{dockerfile}\nCMD ["python", "service.py"]\n')
        (folder / "version.json").write_text(json.dumps({"version": version, **manners}))
        (folder / "migrate.py").write_text(migrate)
        (folder / "idle.py").write_text("import os, sys\nsys.exit(os.path.exists('busy'))\n")
        return folder

    def begin(self, version: str, *options: str, build: bool = True) -> "subprocess.Popen[str]":
        """Start the command."""
        ports = ("--port", str(self.port), "--green-port", str(self.green_port))
        folder = ("--build", str(self.folder / f"version-{version}")) if build else ()
        image = ("--image", f"web:{version}")
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "roadworthy.cli",
                "rolling-update",
                "web",
                *folder,
                *image,
                *ports,
                *QUICK,
                *options,
            ],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def update(self, version: str, *options: str, build: bool = True) -> Ran:
        """Run the command to its end."""
        return ended(self.begin(version, *options, build=build))

    def docker(self, *arguments: str) -> str:
        """Run docker as a person would."""
        command = str(self.folder / "bin" / "docker")
        return subprocess.run(
            [command, *arguments], env=self.environment, text=True, capture_output=True, check=True
        ).stdout

    def serving(self, port: int | None = None, path: str = "/version") -> str | None:
        """What answers on a port (default: the production port); None: nobody does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}{path}", timeout=2) as answer:
                return str(answer.read().decode())
        except OSError:
            return None

    def containers(self) -> dict[str, str]:
        """Name -> status."""
        names = sorted(path.name for path in (self.state / "containers").glob("*"))
        return {name: json.loads(self.docker("container", "inspect", name))[0]["State"]["Status"] for name in names}

    def image_folder(self, version: str) -> Path:
        """Where a container of that version runs."""
        return self.state / "images" / f"web:{version}"

    def calls(self, verb: str) -> list[list[str]]:
        """The arguments of docker's calls of a verb."""
        lines = (self.state / "calls.jsonl").read_text().splitlines()
        return [call for call in map(json.loads, lines) if call[0] == verb]

    def end(self) -> None:
        """Kill what still runs."""
        for file in self.state.glob("containers/*/pid"):
            with suppress(ProcessLookupError):
                os.kill(int(file.read_text()), signal.SIGKILL)


def ended(process: "subprocess.Popen[str]") -> Ran:
    """How it ended."""
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out, err)
