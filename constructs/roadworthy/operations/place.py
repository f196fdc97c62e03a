"""Where a verb works: `restart api prod` needs no ARN, because services.toml says what `api` and `prod` are.

Flags win over the file. With --cluster a service that the file does not know is taken by its name in ECS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from roadworthy.aws.session import region_of
from roadworthy.catalogue import Catalogue, CatalogueError, ServiceEntry
from roadworthy.catalogue.environment import GUARDED_NAMES, Environment
from roadworthy.operations.aws import Aws
from roadworthy.operations.context import Context
from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.errors import NotFoundError, OperationError


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """What the command line says of the place.

    Attributes:
        environment: the environment's name; None: the file's default.
        cluster, region, profile: what the flags say; None: what services.toml says, or the profile.
        catalogue: the file; None: the nearest services.toml.
    """

    environment: str | None = None
    cluster: str | None = None
    region: str | None = None
    profile: str | None = None
    catalogue: Path | None = None


@dataclass(frozen=True)
class Target:
    """A service in its cluster.

    Attributes:
        cluster: the cluster, to be asked.
        name: the service's name in ECS.
        label: how messages name it: as it was typed.
        environment: the environment's name; None where there is none.
        guarded: whether changes must be confirmed.
        entry: what services.toml says of it, if it does.
    """

    cluster: Cluster
    name: str
    label: str
    environment: str | None
    guarded: bool
    entry: ServiceEntry | None

    @property
    def words(self) -> str:
        """The service and its environment, as one types them: "api stage"."""
        return f"{self.label} {self.environment}" if self.environment else self.label


class Place:
    """An environment of services.toml, or a cluster that flags name.

    Attributes:
        environment: the environment; None where flags name all.
        project: of services.toml; empty where there is none.
        entries: its services that ECS runs as services, by their names in the catalogue.
        aws: the account and region.
        guarded: whether changes must be confirmed.
    """

    def __init__(self, where: Whereabouts, context: Context) -> None:
        """Find it.

        Raises:
            RoadworthyError: services.toml is malformed, missing, or does not know the environment; AWS cannot be asked.
        """
        self._where = where
        self._catalogue = _catalogue(where)
        self.environment = _environment(self._catalogue, where)
        known = self._catalogue.services(self.environment.name) if self._catalogue and self.environment else ()
        self.project = (self._catalogue.project if self._catalogue else None) or ""
        self.entries = {entry.service: entry for entry in known if entry.kind != "scheduled"}
        self._scheduled = {entry.service for entry in known if entry.kind == "scheduled"}
        session = context.open_session(where.profile)
        region = where.region or (self.environment.region if self.environment else None)
        self.aws = Aws(session, region_of(session, region))
        self._refuse_other_account()
        guarded = self.environment is not None and self.environment.guarded
        self.guarded = guarded or _looks_guarded(where.cluster or "")
        self._clusters: dict[str, Cluster] = {}

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters of the environment: its own, and those that services name instead."""
        names = [self._cluster_name(), *(entry.cluster for entry in self.entries.values())]
        if self._where.cluster:
            names = [self._where.cluster]
        return tuple(self._cluster(name) for name in dict.fromkeys(name for name in names if name))

    @property
    def expected(self) -> tuple[str, ...]:
        """The catalogue's services that should be there; of a cluster that a flag names, those that belong to it."""
        flag = self._where.cluster
        return tuple(name for name, entry in self.entries.items() if flag in {None, entry.cluster})

    def targets(self, names: Sequence[str]) -> tuple[Target, ...]:
        """The services of these names, in order, each once.

        Raises:
            NotFoundError: services.toml does not know one; the message names the nearest.
        """
        return tuple(self.target(name) for name in dict.fromkeys(names))

    def target(self, name: str) -> Target:
        """The service of this name: the catalogue's, or ECS's own.

        Raises:
            NotFoundError: services.toml does not know it; the message names the nearest.
        """
        by_own_name = {entry.name: entry for entry in self.entries.values()}
        entry = self.entries.get(name) or by_own_name.get(name)
        if entry:
            return self._entry_target(entry)
        if self._where.cluster:
            return Target(self._cluster(self._where.cluster), name, name, self._environment_name, self.guarded, None)
        if name in self._scheduled:
            raise NotFoundError(f"`{name}` is a scheduled task: no service runs it, so there is nothing to operate")
        raise self._unknown(name)

    def all_targets(self) -> tuple[tuple[Target, ...], tuple[ServiceEntry, ...]]:
        """The catalogue's services that are active, and the entries of those that are not."""
        active = [entry for entry in self.entries.values() if entry.active]
        inactive = tuple(entry for entry in self.entries.values() if not entry.active)
        return tuple(self._entry_target(entry) for entry in active), inactive

    @property
    def name(self) -> str:
        """The environment's name; where there is none, the cluster's."""
        return self._environment_name or self._where.cluster or ""

    @property
    def _environment_name(self) -> str | None:
        return self.environment.name if self.environment else None

    def _entry_target(self, entry: ServiceEntry) -> Target:
        cluster = self._cluster(self._where.cluster or entry.cluster)
        return Target(cluster, entry.name, entry.service, entry.environment.name, self.guarded, entry)

    def _cluster(self, name: str) -> Cluster:
        return self._clusters.setdefault(name, Cluster(self.aws, name))

    def _cluster_name(self) -> str | None:
        return self.environment.cluster if self.environment else None

    def _unknown(self, name: str) -> OperationError:
        if self._catalogue is None or self.environment is None:
            return OperationError("no services.toml here: pass --cluster, or --catalogue with the file")
        try:
            self._catalogue.service(name, self.environment.name)
        except CatalogueError as error:
            return NotFoundError(str(error))
        return NotFoundError(f"unknown service `{name}`")

    def _refuse_other_account(self) -> None:
        expected = self.environment.account if self.environment else None
        if expected and self.aws.account != expected:
            raise OperationError(
                f"{self._environment_name} is in account {expected}, and these credentials are of {self.aws.account}: "
                "name another profile with --profile"
            )


def _catalogue(where: Whereabouts) -> Catalogue | None:
    """The catalogue; None where there is no file and none is needed: --cluster says where."""
    if where.catalogue is None and where.cluster and where.environment is None and not _has_file():
        return None
    return Catalogue.load(where.catalogue)


def _has_file() -> bool:
    from roadworthy.catalogue.catalogue import nearest  # noqa: PLC0415

    return nearest().is_file()


def _environment(catalogue: Catalogue | None, where: Whereabouts) -> Environment | None:
    if catalogue is None:
        return None
    if where.environment is None and where.cluster and catalogue.default_environment is None:
        return None
    try:
        return catalogue.environment(where.environment)
    except CatalogueError as error:
        raise NotFoundError(str(error)) from None


def _looks_guarded(cluster: str) -> bool:
    """Whether a name says that it is production: no file says it."""
    return any(part in GUARDED_NAMES for part in cluster.lower().replace("_", "-").split("-"))
