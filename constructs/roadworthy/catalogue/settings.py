"""What the tables about a service say together: its environment's defaults, its own table, its override."""

from collections.abc import Callable
from typing import Any

from roadworthy.catalogue.error import CatalogueError
from roadworthy.catalogue.kinds import KINDS
from roadworthy.catalogue.numbers import Numbers, Size, Tasks, agreeing
from roadworthy.catalogue.service_entry import READERS
from roadworthy.catalogue.table import Table

DEFAULTABLE = ("cpu", "memory", "desired", "min", "max")  # the keys of `[environments.NAME.defaults]`


class Settings:
    """A service's settings in one environment.

    Args:
        own: `[services.NAME]`, of a kind that is known.
        environment: the environment's name.
        defaults: `[environments.ENVIRONMENT.defaults]`: of them counts what does not contradict the service's own.
        override: `[services.NAME.ENVIRONMENT]`, which wins over its own.
    """

    def __init__(self, own: Table, environment: str, *, defaults: Table | None, override: Table | None) -> None:
        self._own = own
        self._of = f"`{own.path[-1]}` in {environment}"
        self._kind = KINDS[own.values["kind"]]
        self._defaults = _numbers(defaults, self._kind.takes) if defaults else {}
        self._found = {
            key: (table, READERS[key](table, key))
            for table in (own, override)
            if table is not None
            for key in table.values
            if key in self._kind.takes
        }

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `key`, from other tables than the defaults."""
        return self._found[key][1] if key in self._found else default

    def error(self, message: str, *keys: str) -> CatalogueError:
        """A mistake between these keys, told at one that the override has, or else the service's own table."""
        given = [(self._found[key][0] is not self._own, key) for key in keys if key in self._found]
        if not given:
            return self._own.error(None, f"{self._of}: {message}")
        key = max(given)[1]
        return self._found[key][0].error(key, f"{self._of}: {message}")

    def refuse_missing(self) -> None:
        """Refuse a service without a key that its kind requires."""
        for key in self._kind.requires:
            if key not in self._found:
                raise self.error(f"`{key}` is missing")

    def size(self) -> Size:
        """The size of a task."""
        numbers = self._settle(("cpu", "memory"), lambda numbers: Size.of(numbers).wrong)
        return Size.of(numbers)

    def tasks(self) -> Tasks:
        """How many tasks."""
        usual = self._kind.tasks
        numbers = self._settle(("desired", "min", "max"), lambda numbers: Tasks.of(numbers, usual).wrong)
        return Tasks.of(numbers, usual)

    def _settle(self, keys: tuple[str, ...], wrong: Callable[[Numbers], str | None]) -> Numbers:
        said = {key: self.get(key) for key in keys if key in self._found}
        defaults = {key: value for key, value in self._defaults.items() if key in keys}
        numbers = agreeing(said, defaults, wrong)
        if message := wrong(numbers):
            raise self.error(message, *keys)
        return numbers


def defaults_of(environment: Table) -> Table | None:
    """`[environments.NAME.defaults]`, checked; None where there is none."""
    if "defaults" not in environment:
        return None
    defaults = environment.table("defaults")
    defaults.refuse_unknown(DEFAULTABLE)
    numbers = _numbers(defaults, DEFAULTABLE)
    for message in (Size.of(numbers).wrong, Tasks.of(numbers, usual=1).wrong):
        if message:
            raise defaults.error(None, message)
    return defaults


def _numbers(table: Table, keys: tuple[str, ...]) -> Numbers:
    return {key: READERS[key](table, key) for key in table.values if key in keys}
