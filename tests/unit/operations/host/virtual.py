"""A host in memory and in virtual time: containers that boot, answer, refuse and end as their image says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from roadworthy.operations.host.docker import QUICK, Docker, Done
from roadworthy.operations.host.plan import Update
from roadworthy.operations.host.surroundings import Host
from roadworthy.operations.host.update import RollingUpdate
from roadworthy.testing.clock import VirtualClock

UPDATE = Update("web", "web:2", migrate=("python", "-m", "app.migrate"))


@dataclass(frozen=True)
class Image:
    """How a version behaves.

    Attributes:
        id: what docker calls it.
        boot: seconds until it answers.
        health: the status of GET /health, by port; of other ports 200.
        ends: seconds after its start at which it ends with exit code 1; None: it does not.
        migrates: the exit code of its migration; None: it never ends.
    """

    id: str = "sha256:2"
    boot: float = 1.0
    health: dict[int, int] = field(default_factory=dict)
    ends: float | None = None
    migrates: int | None = 0


@dataclass
class Box:
    """A container."""

    image: str
    image_id: str
    port: int
    owner: str
    status: str = "created"
    since: float = 0.0


class VirtualHost:
    """Docker and HTTP on one host."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.images = {"web:1": Image("sha256:1"), "web:2": Image()}
        self.boxes = {"web": Box("web:1", "sha256:1", 5221, "", "running", self.clock.now() - 60)}
        self.busy_until = 0.0
        self.asked: list[tuple[str, ...]] = []
        self.refuses: dict[tuple[str, ...], str] = {}
        self.told: list[str] = []
        self.host = Host(Docker(self), self, self.clock, self.told.append)

    def image(self, reference: str, **manners: object) -> None:
        """Let a version behave in another way."""
        self.images[reference] = replace(self.images[reference], **manners)  # type: ignore[arg-type]

    def roll(self, update: Update = UPDATE) -> RollingUpdate:
        """Run an update."""
        rolling = RollingUpdate(update, self.host, self.host.docker.container("web"))
        rolling.run()
        return rolling

    @property
    def statuses(self) -> dict[str, str]:
        """Name -> status."""
        return {name: self._settled(name).status for name in self.boxes}

    @property
    def verbs(self) -> list[str]:
        """What docker was asked to change, such as "stop web"."""
        looks = {"container", "image", "logs", "version"}
        return [f"{call[0]} {_name(call)}" for call in self.asked if call[0] not in looks]

    # --- HTTP

    def status(self, port: int, path: str) -> int | None:
        box = next(
            (self._settled(name) for name, box in self.boxes.items() if box.port == port and self._up(name)), None
        )
        if box is None or self.clock.now() < box.since + self.images[box.image].boot:
            return None
        if path == "/tick":
            return 409 if self.clock.now() < self.busy_until else 200
        return self.images[box.image].health.get(port, 200)

    def listens(self, port: int) -> bool:
        return self.status(port, "/health") is not None

    # --- docker

    def __call__(self, arguments: Sequence[str], *, timeout: float | None = QUICK, shown: bool = False) -> Done:
        call = tuple(arguments)
        self.asked.append(call)
        self.clock.sleep(0.1)
        for start, words in self.refuses.items():
            if call[: len(start)] == start:
                return Done(1, err=f"Error response from daemon: {words}\n")
        return getattr(self, f"_{call[0]}")(call, timeout)

    def _container(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        if call[2] not in self.boxes:
            return Done(1, "[]\n", f"Error response from daemon: No such container: {call[2]}\n")
        box = self._settled(call[2])
        config = {"Image": box.image, "Labels": {"roadworthy.rolling-update": box.owner}}
        state = {"Status": box.status, "ExitCode": int(box.status == "exited")}
        return Done(0, json.dumps([{"State": state, "Config": config, "Image": box.image_id}]))

    def _image(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        known = call[-1] in self.images
        return Done(0, self.images[call[-1]].id) if known else Done(1, err="No such image")

    def _run(self, call: tuple[str, ...], timeout: float | None) -> Done:
        if "--rm" in call:
            self._create(call, timeout)
            code = self.images[self.boxes[_name(call)].image].migrates
            if code is not None:
                del self.boxes[_name(call)]
            return Done(code)
        self._create(call, timeout)
        return self._start(("start", _name(call)), timeout)

    def _create(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        image = next(word for word in call if word in self.images)
        port = next(int(word.removeprefix("PORT=")) for word in call if word.startswith("PORT="))
        self.boxes[_name(call)] = Box(image, self.images[image].id, port, "web")
        return Done(0)

    def _start(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        box = self.boxes[call[1]]
        if box.status != "running":
            box.status, box.since = "running", self.clock.now()
        return Done(0)

    def _stop(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        self.boxes[call[-1]].status = "exited"
        return Done(0)

    def _rm(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        del self.boxes[call[-1]]
        return Done(0)

    def _rename(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        self.boxes[call[2]] = self.boxes.pop(call[1])
        return Done(0)

    def _exec(self, _call: tuple[str, ...], _timeout: float | None) -> Done:
        return Done(int(self.clock.now() < self.busy_until))

    def _logs(self, call: tuple[str, ...], _timeout: float | None) -> Done:
        return Done(0, f"last words of {call[-1]}\n")

    def _build(self, _call: tuple[str, ...], _timeout: float | None) -> Done:
        return Done(0)

    _pull = _build

    def _up(self, name: str) -> bool:
        return self._settled(name).status == "running"

    def _settled(self, name: str) -> Box:
        """The container, ended where its time has come."""
        box = self.boxes[name]
        ends = self.images[box.image].ends
        if box.status == "running" and ends is not None and self.clock.now() >= box.since + ends:
            box.status = "exited"
        return box


def _name(call: tuple[str, ...]) -> str:
    return call[call.index("--name") + 1] if "--name" in call else call[-1]
