"""What every pattern with an ECS service takes, beside its task."""

import dataclasses

from aws_cdk import aws_servicediscovery as servicediscovery

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.capacity import Capacity
from roadworthy.patterns.deployment import Deployment
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.task_options import TaskOptions, TaskSettings
from roadworthy.patterns.values import is_token, out_of_range

_LONGEST_NONCE = 255
_LAST_PORT = 65_535


class InvalidServiceError(RoadworthyError, ValueError):
    """Options of a service that contradict each other, or that ECS would refuse."""


class UnscaledOptions(TaskOptions, total=False):
    """What a service takes by keyword, whose count of tasks and deployment the pattern chooses."""

    execute_command: bool
    capacity: Capacity | None
    namespace: servicediscovery.INamespace | None
    secrets_nonce: str | None


class ServiceOptions(UnscaledOptions, total=False):
    """What every service takes by keyword; the attributes of `ServiceSettings`."""

    scaling: Scaling | None
    deployment: Deployment | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ServiceSettings(TaskSettings):
    """A service on Fargate: its task, how many, and how they are replaced.

    Attributes:
        scaling: how many tasks; default: 2 to 10, by CPU and memory.
        deployment: how they are replaced; default: rolling, back when tasks fail.
        execute_command: whether ECS Exec may open a shell in a container: the task role, an endpoint and a root file
            system that can be written to come with it. Default: no.
        capacity: the share of Fargate Spot; default: none. A cluster that was not made in this app must have both
            capacity providers associated.
        namespace: a Cloud Map namespace for Service Connect: the service calls others in it by their names, and is
            found in it by its own where it has a port. Default: none.
        secrets_nonce: a text that is another one when a secret has a new value, such as the secret's version id: ECS
            reads secrets only when a task starts, so another nonce starts a new deployment. 1 to 255 characters.

    Raises:
        InvalidDeploymentError: with so many tasks no deployment could proceed.
        InvalidServiceError: ECS Exec with a read-only root file system, a nonce that is empty or too long, or a value
            of another type.
    """

    scaling: Scaling | None = None
    deployment: Deployment | None = None
    execute_command: bool = False
    capacity: Capacity | None = None
    namespace: servicediscovery.INamespace | None = None
    secrets_nonce: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for option, kind in (("scaling", Scaling), ("deployment", Deployment), ("capacity", Capacity)):
            value = getattr(self, option)
            if value is not None and not isinstance(value, kind):
                raise InvalidServiceError(f"service `{self.name}`: {option} = {value!r} is no {kind.__name__}")
        self.how_replaced.refuse_scaling(self.how_many)
        if self.execute_command and self.readonly_root_filesystem:
            raise InvalidServiceError(
                f"service `{self.name}`: execute_command = True with readonly_root_filesystem = True: ECS Exec writes "
                "to the container's root file system; leave one of them out"
            )
        nonce = self.secrets_nonce
        if nonce is not None and not is_token(nonce) and not 0 < len(nonce) <= _LONGEST_NONCE:
            raise InvalidServiceError(
                f"service `{self.name}`: secrets_nonce = {nonce!r} is not 1 to {_LONGEST_NONCE} characters"
            )

    def refuse_port(self, option: str, port: int) -> None:
        """Refuse what is no port.

        Raises:
            InvalidServiceError: it is none; the message names the option.
        """
        wrong = out_of_range(port, 1, _LAST_PORT)
        if wrong:
            raise InvalidServiceError(f"service `{self.name}`: {option} = {port!r} {wrong}")

    @property
    def how_many(self) -> Scaling:
        """How many tasks."""
        return self.scaling or Scaling()

    @property
    def how_replaced(self) -> Deployment:
        """How tasks are replaced."""
        return self.deployment or Deployment.rolling()

    @property
    def readonly(self) -> bool:
        """Whether the container can write nowhere."""
        return super().readonly and not self.execute_command
