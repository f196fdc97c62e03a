"""What the tables about a service say together: its environment's defaults, its own table, its override."""

from typing import Any, NamedTuple

from roadworthy.catalogue.error import CatalogueError
from roadworthy.catalogue.kinds import KINDS
from roadworthy.catalogue.service_entry import READERS
from roadworthy.catalogue.table import Table
from roadworthy.rules.facts.fargate_sizes import SIZES

DEFAULT_CPU = 256


class Tasks(NamedTuple):
    """How many tasks run."""

    desired: int
    min: int
    max: int


class Settings:
    """A service's settings in one environment.

    Args:
        own: `[services.NAME]`, of a kind that is known.
        environment: the environment's name.
        defaults: `[environments.ENVIRONMENT.defaults]`, which yield to the service's own.
        override: `[services.NAME.ENVIRONMENT]`, which wins over them.
    """

    def __init__(self, own: Table, environment: str, *, defaults: Table | None, override: Table | None) -> None:
        self._own = own
        self._of = f"`{own.path[-1]}` in {environment}"
        self._kind = KINDS[own.values["kind"]]
        self._tables = [table for table in (defaults, own, override) if table]
        self._found = {
            key: (place, READERS[key](table, key))
            for place, table in enumerate(self._tables)
            for key in table.values
            if key in self._kind.takes
        }

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `key`."""
        return self._found[key][1] if key in self._found else default

    def error(self, message: str, *keys: str) -> CatalogueError:
        """A mistake between these keys, told at the one that wins over the others."""
        given = [(self._found[key][0], key) for key in keys if key in self._found]
        if not given:
            return self._own.error(None, f"{self._of}: {message}")
        place, key = max(given)
        return self._tables[place].error(key, f"{self._of}: {message}")

    def refuse_missing(self) -> None:
        """Refuse a service without a key that its kind requires."""
        for key in self._kind.requires:
            if key not in self._found:
                raise self.error(f"`{key}` is missing")

    def size(self) -> tuple[int, int]:
        """CPU units and MiB; default: 256, and the least memory that goes with the CPU."""
        cpu = self.get("cpu", DEFAULT_CPU)
        memory = self.get("memory", SIZES[cpu][0])
        if memory not in SIZES[cpu]:
            sizes = ", ".join(map(str, SIZES[cpu]))
            raise self.error(
                f"Fargate has no size of cpu = {cpu} with memory = {memory}; with that cpu: {sizes}", "memory", "cpu"
            )
        return cpu, memory

    def tasks(self) -> Tasks:
        """How many tasks; default: as many as the kind has, without scaling."""
        desired = self.get("desired", self.get("min", self._kind.tasks))
        low = self.get("min", desired)
        tasks = Tasks(desired, low, self.get("max", max(desired, low)))
        if not tasks.min <= tasks.desired <= tasks.max:
            told = ", ".join(f"{name} = {value}" for name, value in tasks._asdict().items())
            raise self.error(f"{told}: it must be min <= desired <= max", "desired", "min", "max")
        return tasks
