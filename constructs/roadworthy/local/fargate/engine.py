"""What ministack's ECS takes for the Docker daemon: a client whose containers are local processes.

Only the part of the Docker SDK that ministack's ECS calls is here:
https://docker-py.readthedocs.io/en/stable/client.html
"""

import importlib
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from roadworthy.local.fargate import registry, task
from roadworthy.local.fargate.addresses import Addresses
from roadworthy.local.fargate.container import Container
from roadworthy.local.reaper import Reaper


class Containers:
    """`client.containers`."""

    def __init__(self, reaper: Reaper, port: int) -> None:
        self._reaper = reaper
        self._port = port
        self.addresses = Addresses(port)
        self._running: dict[str, Container] = {}
        self._closing = False
        self._lock = threading.Lock()

    def get(self, container_id: str) -> Container:
        """The container of this id.

        Raises:
            KeyError: there is none.
        """
        return self._running[container_id]

    def list(self, **_: Any) -> list[Container]:
        """All containers."""
        return list(self._running.values())

    def run(
        self,
        image: str,
        *,
        environment: Mapping[str, str],
        labels: Mapping[str, str],
        command: Sequence[str] | None = None,
        **_: Any,
    ) -> Container:
        """Start what the image says on the task's own address; a `command` of the task definition replaces it.

        Raises:
            LookupError: the image was never pushed.
            OSError: the image's command does not exist.
            RuntimeError: the engine is stopping.
        """
        local = registry.pull(image)
        spec = task.describe(labels)
        variables = task.environment(spec, environment, local, port=self._port)
        address = self.addresses.take()
        with self._lock:  # `stop` waits for what is being started, and nothing starts after it
            try:
                self._require_open()
                container = Container(
                    command or local.command(address),
                    cwd=local.cwd,
                    environment=variables,
                    address=address,
                    stop_timeout=spec.stop_timeout,
                    on_end=self._ended,
                )
            except (OSError, RuntimeError):
                self.addresses.give_back(address)
                raise
            self._reaper.watch(container.group)
            self._running[container.id] = container
        container.begin()
        return container

    def _require_open(self) -> None:
        if self._closing:
            raise RuntimeError("the local AWS is stopping")

    def _ended(self, container: Container) -> None:
        self._reaper.forget(container.group)
        self.addresses.give_back(container.address)

    def stop(self) -> None:
        """Stop all of them at once, each within its stop timeout but at most three seconds."""
        with self._lock:
            self._closing = True
        stopping = [threading.Thread(target=one.stop, kwargs={"drain": False}, daemon=True) for one in self.list()]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join(3)
        for container in self.list():
            container.kill()


class Images:
    """`client.images`: the local ECR. Nothing is cached, so what was not pushed cannot be pulled."""

    def get_registry_data(self, image: str, **_: Any) -> "Pulled":
        """The image's digest.

        Raises:
            LookupError: it was never pushed.
        """
        return Pulled(registry.digest(image))

    def pull(self, image: str, **_: Any) -> "Pulled":
        """The image.

        Raises:
            LookupError: it was never pushed, or has no local command.
        """
        registry.pull(image)
        return Pulled(registry.digest(image))

    def get(self, image: str) -> "Pulled":
        """An image of the local cache.

        Raises:
            docker.errors.ImageNotFound: always; there is no cache.
        """
        raise importlib.import_module("docker.errors").ImageNotFound(f"No such image: {image}")


class Pulled:
    """An image that is here."""

    def __init__(self, digest: str) -> None:
        self.id = digest

    def tag(self, repository: str, tag: str) -> bool:
        """Give it another name; without a cache there is nothing to do."""
        return True


class Networks:
    """`client.networks`."""

    def list(self, **_: Any) -> list[Any]:
        """None: a task's address is a loopback address."""
        return []


class Engine:
    """The Docker client's shape.

    Attributes:
        containers: the tasks' processes.
        addresses: the loopback addresses of tasks and load balancers.
        images: the local ECR.
        networks: none.
    """

    def __init__(self, reaper: Reaper, *, port: int) -> None:
        self.containers = Containers(reaper, port)
        self.addresses = self.containers.addresses
        self.images = Images()
        self.networks = Networks()

    def ping(self) -> bool:
        """The engine is up."""
        return True

    def stop(self) -> None:
        """Stop every task's process; new ones end at once."""
        self.containers.stop()
