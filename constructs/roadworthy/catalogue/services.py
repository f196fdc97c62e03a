"""`[services.NAME]`: each service, resolved for each environment that it is in."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from roadworthy.catalogue.environment import Environment
from roadworthy.catalogue.kinds import KINDS, kinds_taking
from roadworthy.catalogue.naming import ECS_NAME, ECS_NAME_WORDS, REPOSITORY, REPOSITORY_WORDS, Naming, expand
from roadworthy.catalogue.service_entry import READERS, ServiceEntry
from roadworthy.catalogue.settings import Settings
from roadworthy.catalogue.table import Table, shown, spell
from roadworthy.nearest import hint

NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"  # as ECS's own names, and never mistaken for an option
NAME_WORDS = "letters, digits, hyphens and underscores"
GRAMMARS = {
    "name": (ECS_NAME, ECS_NAME_WORDS),
    "cluster": (ECS_NAME, ECS_NAME_WORDS),
    "repository": (REPOSITORY, REPOSITORY_WORDS),
}
_OWN_KEYS = ("kind", "environments", *READERS)
RESERVED = _OWN_KEYS  # `[services.NAME.port]` would be both an override and a key


class Context(NamedTuple):
    """What services are resolved with.

    Attributes:
        project: the project's name; None: the file has none.
        naming: the patterns of names.
        environments: by name.
        defaults: environment -> `[environments.NAME.defaults]`, where there is one.
    """

    project: str | None
    naming: Naming
    environments: Mapping[str, Environment]
    defaults: Mapping[str, Table]


def read_services(services: Table, context: Context) -> Iterator[ServiceEntry]:
    """Every service in every environment that it is in, in the order of the file.

    Raises:
        CatalogueError: a service says something that is wrong.
    """
    for name in services.values:
        if not re.fullmatch(NAME, name):
            raise services.error(name, f"the service's name is {shown(name)}: use {NAME_WORDS}")
        yield from _entries(services.table(name), context)


def _entries(own: Table, context: Context) -> Iterator[ServiceEntry]:
    _refuse_unknown(own, context.environments)
    own.require("kind")
    own.one_of("kind", KINDS)
    _refuse_untaken(own, own.values["kind"], ("kind", "environments", *context.environments))
    within = _environments(own, context.environments)
    overrides = {name: own.table(name) for name in context.environments if name in own}
    for name, override in overrides.items():
        override.refuse_unknown(READERS)
        _refuse_untaken(override, own.values["kind"])
        if name not in within:
            raise own.error(name, f"an override for {name}, but the service is in {', '.join(within)} only")
    for name in within:
        settings = Settings(own, name, defaults=context.defaults.get(name), override=overrides.get(name))
        yield _resolve(own.path[-1], own.values["kind"], context.environments[name], settings, context)


def _resolve(service: str, kind: str, environment: Environment, settings: Settings, context: Context) -> ServiceEntry:
    settings.refuse_missing()
    cpu, memory = settings.size()
    desired, fewest, most = settings.tasks()
    names = _names(settings, service, environment, context)
    return ServiceEntry(
        service=service,
        environment=environment,
        kind=kind,
        name=names["name"],
        cluster=names["cluster"],
        repository=names["repository"],
        container=settings.get("container", service),
        port=settings.get("port"),
        health_path=settings.get("health_path", "/health" if "health_path" in KINDS[kind].takes else None),
        cpu=cpu,
        memory=memory,
        desired=desired,
        min=fewest,
        max=most,
        schedule=settings.get("schedule"),
        active=settings.get("active", True),
    )


def _names(settings: Settings, service: str, environment: Environment, context: Context) -> dict[str, str]:
    """The patterns of its names, filled in."""
    naming = context.naming
    patterns = {
        "name": naming.service,
        "cluster": environment.cluster or naming.cluster,
        "repository": naming.repository,
    }
    fields = {"env": environment.name, "service": service}
    fields |= {"project": context.project} if context.project else {}
    names = {key: expand(settings.get(key, pattern), **fields) for key, pattern in patterns.items()}
    for key, name in names.items():
        grammar, expected = GRAMMARS[key]
        if "{project}" in name:
            raise settings.error(f"{key} = {shown(name)} needs a `project` at the head of the file", key)
        if not re.fullmatch(grammar, name):
            raise settings.error(f"{key} = {shown(name)}: expected {expected}", key)
    return names


def _refuse_unknown(own: Table, environments: Mapping[str, Environment]) -> None:
    for key, value in own.values.items():
        if key in _OWN_KEYS or key in environments:
            continue
        if isinstance(value, dict):
            raise own.error(key, f"an override for the unknown environment `{spell(key)}`{hint(key, environments)}")
        raise own.error(key, f"unknown key `{spell(key)}`{hint(key, _OWN_KEYS)}")


def _refuse_untaken(table: Table, kind: str, also: tuple[str, ...] = ()) -> None:
    """Refuse a key that services of other kinds take."""
    for key in table.values:
        if key not in KINDS[kind].takes and key not in also:
            raise table.wrong(key, f": kind `{kind}` takes no `{key}`; {', '.join(kinds_taking(key))} do")


def _environments(own: Table, known: Mapping[str, Environment]) -> list[str]:
    """The environments that the service is in, in the order of the file's own."""
    if "environments" not in own:
        return list(known)
    names = own.texts("environments")
    if not names:
        raise own.wrong("environments", ": the service is in none; to leave it out for a while say active = false")
    for name in names:
        if name not in known:
            raise own.wrong("environments", f": no environment `{spell(name)}`{hint(name, known)}")
    return [name for name in known if name in names]
