"""`services.toml` as a whole: the project, its environments and its services."""

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

from roadworthy.catalogue.environment import Environment
from roadworthy.catalogue.error import CatalogueError
from roadworthy.catalogue.naming import ECS_NAME, ECS_NAME_WORDS, FIELDS, Naming, expand, pattern
from roadworthy.catalogue.service_entry import ServiceEntry
from roadworthy.catalogue.services import NAME, NAME_WORDS, RESERVED, Context, read_services
from roadworthy.catalogue.settings import defaults_of
from roadworthy.catalogue.table import Table, shown, spell
from roadworthy.nearest import hint

FILE = "services.toml"
TOP_KEYS = ("project", "default_environment", "naming", "environments", "services")
USUAL_DEFAULT = "stage"


@dataclasses.dataclass(frozen=True)
class Catalogue:
    """What `services.toml` says, checked and resolved.

    Attributes:
        file: the file's path, as messages name it.
        project: the project's name; None: the file has none.
        default_environment: the environment that is meant where none is named: the file's, else stage, else the only
            one; None where there is none of these.
        environments: in the order of the file.
        entries: every service in every environment that it is in; services in the order of the file.
    """

    file: str
    project: str | None
    default_environment: str | None
    environments: tuple[Environment, ...]
    entries: tuple[ServiceEntry, ...]

    @classmethod
    def load(cls, path: Path | None = None) -> "Catalogue":
        """Read `services.toml`.

        Args:
            path: the file; None: the one in the working directory, or the nearest above it.

        Raises:
            CatalogueError: the file is missing or malformed; the message names the file, the line and the key.
        """
        document = Table.read(nearest() if path is None else path)
        document.refuse_unknown(TOP_KEYS)
        project = document.text_of("project", NAME, NAME_WORDS) if "project" in document else None
        naming = Naming.parse(document.table("naming")) if "naming" in document else Naming()
        tables = _environment_tables(document)
        defaults = {name: found for name, table in tables.items() if (found := defaults_of(table))}
        environments = {
            name: Environment.parse(name, table, cluster=_cluster(table, name, project, naming))
            for name, table in tables.items()
        }
        context = Context(project, naming, environments, defaults)
        entries = tuple(read_services(document.table("services"), context)) if "services" in document else ()
        _refuse_duplicates(document, entries)
        default = _default_environment(document, environments)
        return cls(document.file, project, default, tuple(environments.values()), entries)

    def environment(self, name: str | None = None) -> Environment:
        """The environment of this name; None: the default one.

        Raises:
            CatalogueError: there is none; the message names the nearest.
        """
        known = {environment.name: environment for environment in self.environments}
        name = self.default_environment if name is None else name
        if name is None:
            raise CatalogueError(f"{self.file}: no `default_environment`: name one of {', '.join(known)}")
        if not name:
            raise CatalogueError(f"{self.file}: the environment's name is empty; known: {', '.join(known)}")
        if name not in known:
            raise CatalogueError(f"{self.file}: no environment `{spell(name)}`{hint(name, known)}")
        return known[name]

    def services(self, environment: str | None = None) -> tuple[ServiceEntry, ...]:
        """The services of an environment; None: of the default one.

        Raises:
            CatalogueError: there is no such environment.
        """
        within = self.environment(environment)
        return tuple(entry for entry in self.entries if entry.environment == within)

    def service(self, name: str, environment: str | None = None) -> ServiceEntry:
        """The service of this name in an environment; None: in the default one.

        Raises:
            CatalogueError: there is none; the message names the nearest, or the environments that have it.
        """
        within = self.environment(environment)
        known = {entry.service: entry for entry in self.services(within.name)}
        if name in known:
            return known[name]
        elsewhere = [entry.environment.name for entry in self.entries if entry.service == name]
        if elsewhere:
            raise CatalogueError(f"{self.file}: service `{name}` is in {', '.join(elsewhere)}, not in {within.name}")
        near = hint(name, known) if known else "; it has no services"
        raise CatalogueError(f"{self.file}: unknown service `{spell(name)}` in {within.name}{near}")


def nearest() -> Path:
    """The catalogue's path from the working directory, or from the nearest folder above it that has one."""
    try:
        above = [Path(), *(Path(*[".."] * depth) for depth in range(1, len(Path.cwd().parents) + 1))]
    except OSError:  # the working directory has been removed
        return Path(FILE)
    return next((folder / FILE for folder in above if (folder / FILE).is_file()), Path(FILE))


def _environment_tables(document: Table) -> dict[str, Table]:
    environments = document.values.get("environments")
    if not isinstance(environments, dict) or not environments:
        raise document.error("environments", "no [environments.NAME] table: add one for each environment")
    parent = document.table("environments")
    for name in environments:
        if not re.fullmatch(NAME, name):
            raise parent.error(name, f"the environment's name is {shown(name)}: use {NAME_WORDS}")
        if name in RESERVED:
            raise parent.error(name, f"no environment can be named `{name}`: it is a key of services")
    return {name: parent.table(name) for name in environments}


def _cluster(table: Table, environment: str, project: str | None, naming: Naming) -> str | None:
    """The cluster's name; None where it takes a project and there is none."""
    given = pattern(table, "cluster", FIELDS[:2]) if "cluster" in table else naming.cluster
    name = expand(given, env=environment, **({"project": project} if project else {}))
    if "{project}" in name:
        return None
    if not re.fullmatch(ECS_NAME, name):
        raise table.error("cluster", f"cluster = {shown(name)}: expected {ECS_NAME_WORDS}")
    return name


def _default_environment(document: Table, known: Iterable[str]) -> str | None:
    if "default_environment" in document:
        return document.one_of("default_environment", known)
    names = list(known)
    return USUAL_DEFAULT if USUAL_DEFAULT in names else names[0] if len(names) == 1 else None


def _refuse_duplicates(document: Table, entries: Iterable[ServiceEntry]) -> None:
    """Refuse two entries that are one ECS service, as far as it is known which accounts they are in."""
    seen: dict[tuple[str | None, ...], ServiceEntry] = {}
    for entry in entries:
        environment = entry.environment
        place = environment.account or f"of {environment.name}"
        first = seen.setdefault((place, environment.region, entry.cluster, entry.name), entry)
        if first is not entry:
            raise document.table("services").error(
                entry.service,
                f"`{entry.service}` in {environment.name} is named {entry.name} in cluster {entry.cluster}, "
                f"as is `{first.service}` in {first.environment.name}: give one of them another `name`",
            )
