"""`watch`: the deployment of a service that goes on, or that was the last, to be followed."""

from functools import partial

from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service_deployment import LIVE
from roadworthy.operations.errors import NotFoundError
from roadworthy.operations.follow.drive import Start
from roadworthy.operations.follow.start import Started, found
from roadworthy.operations.place import Target


def last_deployment(target: Target, clock: Clock) -> Start:
    """The newest deployment that goes on, else the newest of all."""
    return Start(target, partial(_find, target, clock))


def _find(target: Target, clock: Clock) -> Started:
    service = target.cluster.service(target.name)
    known = target.cluster.deployments_of(target.name, *LIVE) or target.cluster.deployments_of(target.name)
    started = found(target, service, known[0] if known else None, clock)
    if started is None:
        raise NotFoundError(f"ECS knows of no deployment: {service.controller} deploys it")
    return started
