"""A tick guard that looks whether blue's tasks protect themselves."""

import dataclasses

from aws_cdk import aws_iam as iam

from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.tick_guard import ONE_CALL, TickGuard
from roadworthy.patterns.function import Function
from roadworthy.patterns.wildcards import waive_wildcards


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProtectionGuard(TickGuard):
    """`TickGuard.task_protection`."""

    def make(self, site: Site) -> Function:
        """See `TickGuard`."""
        function = site.function(
            "TickGuard",
            "deployment_tick_guard",
            timeout_seconds=ONE_CALL,
            environment={"MODE": "task-protection", **self.waiting},
        )
        site.allow(function, ["ecs:DescribeServiceRevisions"], site.revision_arns())
        site.allow(function, ["ecs:ListTasks"], ["*"], site.in_cluster)
        site.allow(function, ["ecs:DescribeTasks", "ecs:GetTaskProtection"], site.task_arns())
        self.keep(site)
        return function

    def keep(self, site: Site) -> None:
        """See `Part`: the worker protects its task during each tick."""
        _let_protect(site)


def _let_protect(site: Site) -> None:
    """What the agent's endpoint does in the task's name.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
    """
    actions, tasks = ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], site.task_arns()
    site.task.task_role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=tasks))
    waive_wildcards(site.task, tasks, "a task protects itself, by an id that nobody knows before")
