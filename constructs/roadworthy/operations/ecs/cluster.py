"""A cluster's services, their deployments and their tasks: the calls that read ECS, in batches as large as it takes."""

from collections.abc import Iterable, Sequence
from typing import Any

from roadworthy.nearest import hint
from roadworthy.operations.aws import Aws
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.ecs.task import Task
from roadworthy.operations.errors import NotFoundError, OperationError

# What one call takes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html, and likewise
# API_ListServices.html, API_DescribeServiceDeployments.html, API_DescribeServiceRevisions.html, API_DescribeTasks.html.
SERVICES_IN_A_CALL = 10
LISTED_IN_A_CALL = 100
DEPLOYMENTS_IN_A_CALL = 20
TASKS_IN_A_CALL = 100
FEW = 20  # names that a message can hold


class Cluster:
    """A cluster, to be asked.

    Attributes:
        aws: the account and region.
        name: the cluster's name.
    """

    def __init__(self, aws: Aws, name: str) -> None:
        self.aws = aws
        self.name = name

    def service_names(self) -> list[str]:
        """The names of all its services.

        Raises:
            OperationError: as every method: the cluster does not exist, or AWS cannot be asked.
        """
        arns = self._pages("list_services", "serviceArns", maxResults=LISTED_IN_A_CALL)
        return [arn.rpartition("/")[2] for arn in arns]

    def services(self, names: Iterable[str]) -> dict[str, Service]:
        """Name -> service, of those that exist and have not been deleted."""
        answers = self.aws.each(
            lambda batch: self._call("describe_services", services=batch), _batches(names, SERVICES_IN_A_CALL)
        )
        found = [Service.parse(raw) for answer in answers for raw in answer.get("services", [])]
        return {service.name: service for service in found if service.status != "INACTIVE"}

    def service(self, name: str) -> Service:
        """The service of this name.

        Raises:
            NotFoundError: there is none; the message names the nearest.
        """
        found = self.services([name]).get(name)
        if found:
            return found
        raise NotFoundError(f"no service `{name}` in cluster {self.name}, {self.aws.region}{self._hint(name)}")

    def deployments_of(self, service: str, *statuses: str, after: Any = None) -> list[ServiceDeployment]:
        """A service's deployments of the last 90 days, newest first.

        Args:
            service: its name.
            statuses: which; none: all.
            after: only those created after this datetime.
        """
        raws = self._pages(
            "list_service_deployments",
            "serviceDeployments",
            service=service,
            status=list(statuses) or None,
            createdAt={"after": after} if after else None,
            maxResults=LISTED_IN_A_CALL,
        )
        found = [ServiceDeployment.parse(raw) for raw in raws]
        return sorted(found, key=lambda each: each.created.timestamp() if each.created else 0.0, reverse=True)

    def deployments(self, arns: Sequence[str]) -> dict[str, ServiceDeployment]:
        """ARN -> deployment, of those that exist."""
        answers = self.aws.each(
            lambda batch: self.aws.call("ecs", "describe_service_deployments", serviceDeploymentArns=batch),
            _batches(arns, DEPLOYMENTS_IN_A_CALL),
        )
        found = [ServiceDeployment.parse(raw) for answer in answers for raw in answer.get("serviceDeployments", [])]
        return {deployment.arn: deployment for deployment in found}

    def revisions(self, arns: Sequence[str]) -> dict[str, dict[str, Any]]:
        """ARN -> service revision, as AWS tells of it."""
        answers = self.aws.each(
            lambda batch: self.aws.call("ecs", "describe_service_revisions", serviceRevisionArns=batch),
            _batches(arns, DEPLOYMENTS_IN_A_CALL),
        )
        found = [raw for answer in answers for raw in answer.get("serviceRevisions", [])]
        return {raw.get("serviceRevisionArn", ""): raw for raw in found}

    def task_arns(self, service: str, *, stopped: bool = False) -> list[str]:
        """The ARNs of a service's tasks: those that run or shall run, or those that have stopped."""
        status = "STOPPED" if stopped else "RUNNING"
        return self._pages("list_tasks", "taskArns", serviceName=service, desiredStatus=status)

    def tasks(self, arns: Sequence[str]) -> list[Task]:
        """The tasks of these ARNs, of those that ECS still knows."""
        answers = self.aws.each(
            lambda batch: self._call("describe_tasks", tasks=batch), _batches(arns, TASKS_IN_A_CALL)
        )
        return [Task.parse(raw) for answer in answers for raw in answer.get("tasks", [])]

    def task_definition(self, arn: str) -> dict[str, Any]:
        """A task definition, as AWS tells of it."""
        return dict(self.aws.call("ecs", "describe_task_definition", taskDefinition=arn)["taskDefinition"])

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        try:
            return self.aws.call("ecs", method, cluster=self.name, **parameters)
        except NotFoundError as error:
            raise self._better(error) from error

    def _pages(self, method: str, key: str, **parameters: Any) -> list[Any]:
        try:
            return self.aws.pages("ecs", method, key, cluster=self.name, **parameters)
        except NotFoundError as error:
            raise self._better(error) from error

    def _better(self, error: NotFoundError) -> NotFoundError:
        """ECS says "Cluster not found." and no more."""
        if "ClusterNotFound" not in str(error):
            return error
        where = f"{self.aws.region}, account {self.aws.account}"
        return NotFoundError(
            f"no cluster `{self.name}` in {where}: check services.toml, --cluster, --region, --profile"
        )

    def _hint(self, name: str) -> str:
        """The nearest names; nothing where the caller may not list."""
        try:
            names = self.service_names()
        except OperationError:
            return ""
        otherwise = None if len(names) <= FEW else "`roadworthy list` shows them"
        return hint(name, names, otherwise=otherwise) if names else "; it has no services"


def _batches(items: Iterable[str], size: int) -> list[list[str]]:
    listed = list(items)
    return [listed[start : start + size] for start in range(0, len(listed), size)]
