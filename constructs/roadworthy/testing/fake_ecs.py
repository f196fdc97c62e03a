"""A deterministic ECS behind a real boto3 client, for tests of what deploys, watches and rolls back services.

fake = FakeEcs()
fake.add_service("shop", "api", image="api:4f1c2ab")
fake.script("api", faults.pull_error())
ecs = fake.session().client("ecs")
ecs.update_service(cluster="shop", service="api", forceNewDeployment=True)
fake.clock.sleep(600)      # ten virtual minutes: the circuit breaker has rolled back
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import boto3

from roadworthy.errors import RoadworthyError
from roadworthy.nearest import hint
from roadworthy.testing.aws.neighbours import Neighbours
from roadworthy.testing.clock import VirtualClock
from roadworthy.testing.faults import Fault
from roadworthy.testing.plane import creation, misuse
from roadworthy.testing.plane.api import table
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.logs import Logs
from roadworthy.testing.plane.plane import Hook, Plane
from roadworthy.testing.wire import server
from roadworthy.testing.wire import session as wire
from roadworthy.testing.wire.backend import Backend, Call
from roadworthy.testing.wire.troubles import Troubles


class FakeEcs:
    """One AWS account in one region, with Amazon ECS as it deploys.

    The same script gives the same answers: time is virtual, and ids come from counters. Threads may use it at once.

    Attributes:
        clock: the virtual time; `clock.sleep(seconds)` lets it pass, `clock.now()` tells it in seconds since 1970.
        backend: who plays which operation of AWS; `backend.register(...)` adds one.
        plane: the state of ECS.
        neighbours: the services around ECS, by boto3's names: `neighbours.secretsmanager`, `neighbours.elbv2` ...
    """

    def __init__(self, region: str = "eu-west-1", account: str = "111122223333") -> None:
        """An empty account: `region` is where its clients ask, `account` has 12 digits.

        Raises:
            RoadworthyError: the account has not 12 digits.
        """
        misuse.refuse_account(account)
        self.clock = VirtualClock()
        self.backend = Backend(now=self.clock.now, region=region, account=account, lock=self.clock.lock)
        self.plane = Plane(self.backend, self.clock)
        self._deployer = Deployer(self.plane)
        table.play(self._deployer)
        self.neighbours = Neighbours(self.plane)

    # What there is ------------------------------------------------------------------------------------------------

    def add_cluster(self, name: str) -> str:
        """Add a cluster; returns its ARN."""
        with self.clock.lock:
            return creation.add_cluster(self.plane, name).arn

    def add_service(
        self,
        cluster: str,
        name: str,
        *,
        image: str,
        desired: int = 2,
        strategy: str = "ROLLING",
        port: int | None = 8080,
        load_balancer: bool | Mapping[str, Any] = True,
        circuit_breaker: bool = True,
        minimum_healthy_percent: int = 100,
        maximum_percent: int = 200,
        bake_minutes: int | None = None,
        canary_percent: float = 10.0,
        step_percent: float = 50.0,
        step_bake_minutes: int = 1,
        alarms: Sequence[str] = (),
        hooks: Sequence[Mapping[str, Any]] = (),
        container: Mapping[str, Any] | None = None,
        deployed: bool = True,
        start_seconds: float = 20.0,
        healthy_seconds: float | None = None,
        stop_seconds: float = 10.0,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Add a service, in a cluster that is made when it is missing; returns the service's ARN.

        Args:
            cluster: the cluster's name.
            name: the service's name; its task definition, container and target group have it too.
            image: the container's image.
            desired: how many tasks it shall have.
            strategy: "ROLLING", "BLUE_GREEN", "CANARY" or "LINEAR".
            port: the container's port; None: none.
            load_balancer: whether it stands behind one, with a target group (two, unless it is rolling); or members of
                `loadBalancers[0]` as in the API, for target groups and listener rules of your own.
            circuit_breaker: whether deployments have one, with rollback.
            minimum_healthy_percent: of a rolling deployment.
            maximum_percent: of a rolling deployment.
            bake_minutes: the bake time; default: 1 with alarms or unless it is rolling, else 0.
            canary_percent: the share of traffic of a canary.
            step_percent: the share of traffic that each linear step moves.
            step_bake_minutes: the minutes after a canary or a linear step.
            alarms: the names of the deployment's alarms, with rollback.
            hooks: lifecycle hooks, as `lifecycleHooks` in the API; their functions are called from `hooks`.
            container: members of the container definition to add or change, as in the API.
            deployed: whether it runs already; else its first deployment begins now, and has no revision to go back to.
            start_seconds: from a task's creation until it is RUNNING.
            healthy_seconds: from RUNNING until it is healthy; default 15, and 40 without any health check, as in ECS.
            stop_seconds: from the order to stop until STOPPED: deregistration, and the container's own time.
            tags: the service's tags.

        Raises:
            RoadworthyError: the cluster has such a service already, or AWS could not have it: an unknown strategy, a
                lifecycle hook at a stage that there is not ...
        """
        options = creation.ServiceOptions(
            image=image,
            desired=desired,
            strategy=strategy,
            port=port,
            load_balancer=load_balancer if port else False,
            circuit_breaker=circuit_breaker,
            minimum_healthy_percent=minimum_healthy_percent,
            maximum_percent=maximum_percent,
            bake_minutes=bake_minutes,
            canary_percent=canary_percent,
            step_percent=step_percent,
            step_bake_minutes=step_bake_minutes,
            alarms=alarms,
            hooks=hooks,
            container=container or {},
            deployed=deployed,
            start_seconds=start_seconds,
            healthy_seconds=healthy_seconds,
            stop_seconds=stop_seconds,
            tags=tags or {},
        )
        with self.clock.lock:
            return creation.add_service(self._deployer, cluster, name, options).arn

    def add_image(
        self, repository: str, tag: str, digest: str | None = None, architectures: Sequence[str] = ("amd64",)
    ) -> str:
        """Push an image to ECR; returns its digest."""
        return self.neighbours.ecr.add_image(repository, tag, digest, architectures)

    # What befalls it ----------------------------------------------------------------------------------------------

    def script(self, service: str, *faults: Fault) -> None:
        """Let the next deployments of a service meet these faults, one each, in order; see `roadworthy.testing.faults`.

        Raises:
            RoadworthyError: there is no such service, it is no fault, or a hook is scripted for a rolling one.
        """
        with self.clock.lock:
            found = self.plane.services_named(service)
            if not found:
                known = [one.name for one in self.plane.services()]
                raise RoadworthyError(f"no service `{service}` to script{hint(service, known)}")
            for one in found:
                self._deployer.script(one, faults)

    def script_task(self, family: str, *faults: Fault) -> None:
        """Let the next tasks that RunTask starts of a family end like this, one fault for each call.

        A task that is not scripted exits 0 after five seconds.
        """
        with self.clock.lock:
            self.plane.one_off[family].extend(faults)

    def set_alarm(self, name: str, state: str = "ALARM") -> None:
        """Set an alarm of CloudWatch to "OK", "ALARM" or "INSUFFICIENT_DATA"; deployments that watch it see it.

        Raises:
            RoadworthyError: it is another state.
        """
        misuse.refuse_alarm_state(name, state)
        with self.clock.lock:
            self._deployer.set_alarm(name, state)

    @property
    def hooks(self) -> dict[str, Hook]:
        """The functions of lifecycle hooks, by ARN or by name: `hooks["health-gate"] = handler`.

        A handler is called as AWS Lambda calls it, handler(event, context) -> answer.
        """
        return self.plane.hooks

    @property
    def hook_errors(self) -> list[BaseException]:
        """What the functions of lifecycle hooks raised: ECS rolls back, and would not tell the test why."""
        return self.plane.hook_errors

    def add_function(self, name: str, handler: Hook) -> str:
        """Let a Lambda function exist that a lifecycle hook calls; returns its ARN, for `hookTargetArn`."""
        arn = self.backend.arn("lambda", f"function:{name}")
        self.plane.hooks[arn] = handler
        return arn

    @property
    def logs(self) -> Logs:
        """What containers wrote; `logs.write(group, stream, at, message)` adds a line."""
        return self.plane.logs

    @property
    def aws(self) -> Troubles:
        """The troubles between a client and AWS: throttling, missing permissions, reset connections, latency."""
        return self.backend.troubles

    # How it is asked ----------------------------------------------------------------------------------------------

    def session(self) -> boto3.Session:
        """A boto3 session whose clients are answered in this process."""
        return wire.session(self.backend)

    def serve(self, speed: float = 50.0) -> AbstractContextManager[str]:
        """Answer over HTTP on loopback while the block lasts; yields the URL.

        Meanwhile virtual time runs `speed` times as fast as the wall's.
        """
        return server.serve(self.backend, self.clock.sleep, speed)

    def environment(self, url: str) -> dict[str, str]:
        """The environment for a subprocess that shall ask this fake: AWS_ENDPOINT_URL, keys, region."""
        return server.environment(self.backend, url)

    @property
    def calls(self) -> list[Call]:
        """What AWS was asked, in order."""
        return self.backend.calls
