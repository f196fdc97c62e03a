"""What every pattern with a Fargate task takes, and refuses."""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Required, TypedDict

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs

from roadworthy.patterns.image import Image, InvalidImageError
from roadworthy.patterns.interfaces import AnyKey, AnyRole
from roadworthy.patterns.names import InvalidNameError, refuse_name
from roadworthy.patterns.placement import Network, Placement
from roadworthy.patterns.resources import refuse_other_kinds
from roadworthy.patterns.task_size import Architecture, TaskSize
from roadworthy.patterns.variables import refuse_variables


class TaskOptions(TypedDict, total=False):
    """What every pattern takes by keyword; the attributes of `TaskSettings`."""

    network: Required[Network]
    name: Required[str]
    image: Required[Image]
    subnets: ec2.SubnetSelection | None
    cluster: ecs.ICluster | None
    container_name: str | None
    command: Sequence[str] | None
    cpu: int
    memory_mib: int
    architecture: Architecture
    environment: Mapping[str, str] | None
    secrets: Mapping[str, ecs.Secret] | None
    log_group: logs.ILogGroup | None
    encryption_key: AnyKey | None
    task_role: AnyRole | None
    execution_role: AnyRole | None
    readonly_root_filesystem: bool | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskSettings:
    """A task on Fargate: what it runs, how large, and where.

    Attributes:
        network: a `PrivateNetwork`, whose endpoints are opened for the tasks, or any VPC.
        name: the service's name and the task family's: letters, digits, `_` and `-`.
        image: what it runs.
        subnets: which of the network's subnets; default: isolated ones of a `PrivateNetwork`, private ones with a way
            out of a VPC.
        cluster: the cluster, in the same VPC; default: a new one with Container Insights.
        container_name: the container's name; default: `name`.
        command: what the container runs; default: the image's own.
        cpu: CPU units, 1,024 to a vCPU; default: 256.
        memory_mib: memory in MiB; default: 512.
        architecture: the processor; default: x86-64. An image that is an asset is built for it.
        environment: the container's plain variables.
        secrets: the container's secrets; no name may stand in both.
        log_group: where the container's output goes; default: `/ecs/<name>`, kept for 30 days.
        encryption_key: what encrypts that log group; default: CloudWatch Logs' own key.
        task_role: what the container may do; default: a new role, which grants nothing.
        execution_role: with which ECS pulls, logs and reads secrets; default: a new role.
        readonly_root_filesystem: whether the container can write nowhere; default: yes, but not under ECS Exec.

    Raises:
        DuplicateVariableError: a name stands in both `environment` and `secrets`.
        InvalidResourceError: an option that takes a resource was given something else, as its name.
        InvalidImageError: it is no `Image`, or one that is built for another architecture.
        InvalidNameError: ECS takes no such name, or the command is one text.
        InvalidTaskSizeError: Fargate has no such pair of CPU and memory.
        InvalidVariableError: a variable has no possible name, or its value is no text.
    """

    network: Network
    name: str
    image: Image
    subnets: ec2.SubnetSelection | None = None
    cluster: ecs.ICluster | None = None
    container_name: str | None = None
    command: Sequence[str] | None = None
    cpu: int = 256
    memory_mib: int = 512
    architecture: Architecture = Architecture.X86_64
    environment: Mapping[str, str] | None = None
    secrets: Mapping[str, ecs.Secret] | None = None
    log_group: logs.ILogGroup | None = None
    encryption_key: AnyKey | None = None
    task_role: AnyRole | None = None
    execution_role: AnyRole | None = None
    readonly_root_filesystem: bool | None = None
    size: TaskSize = dataclasses.field(init=False)
    container_image: ecs.ContainerImage = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        refuse_name("service", self.name)
        refuse_name("container", self.container)
        if self.command is not None and (isinstance(self.command, str) or not isinstance(self.command, Sequence)):
            what = "one text" if isinstance(self.command, str) else "no list"
            raise InvalidNameError(f"service `{self.name}`: command {self.command!r} is {what}: write a list of words")
        refuse_other_kinds(f"service `{self.name}`:", self)
        refuse_variables(self.environment or {}, self.secrets or {}, what=f"container `{self.container}`")
        if not isinstance(self.image, Image):
            raise InvalidImageError(
                f"service `{self.name}`: image {self.image!r} is none of Image.from_ecr and the like"
            )
        object.__setattr__(self, "size", TaskSize(cpu=self.cpu, memory_mib=self.memory_mib))
        object.__setattr__(self, "container_image", self.image.for_container(self.architecture))

    @cached_property
    def placement(self) -> Placement:
        """Where its tasks run.

        Raises:
            InvalidNetworkError: no task could start there, or the cluster is another VPC's.
        """
        placement = Placement.of(self.name, self.network, self.subnets)
        placement.refuse_cluster(self.name, self.cluster)
        return placement

    @property
    def container(self) -> str:
        """The container's name."""
        return self.name if self.container_name is None else self.container_name

    @property
    def readonly(self) -> bool:
        """Whether the container can write nowhere."""
        return self.readonly_root_filesystem is not False
