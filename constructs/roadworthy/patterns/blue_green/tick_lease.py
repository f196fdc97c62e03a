"""A tick guard that agrees with the worker in a table: while a switch is due, no tick begins."""

import dataclasses

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam

from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.overlap import NETWORK_SHIFT
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.tick_guard import ONE_CALL, TickGuard
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.function import Function
from roadworthy.patterns.task_options import TaskSettings
from roadworthy.patterns.waivers import waive

_PAUSE = 120  # seconds: as the function has it by itself
TABLE, KEY = "TICK_LEASE_TABLE", "TICK_LEASE_KEY"  # the container's variables


@dataclasses.dataclass(frozen=True, kw_only=True)
class LeaseGuard(TickGuard):
    """`TickGuard.lease`."""

    table: dynamodb.ITable | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.table is not None and not hasattr(self.table, "table_arn"):
            raise InvalidDeploymentError(f"tick lease table {self.table!r} is no table")
        if isinstance(self.table, dynamodb.Table):
            _refuse_keys(self.table)

    def refuse(self, front: Front, settings: TaskSettings) -> None:
        """See `Part`."""
        taken = {TABLE, KEY} & ({*(settings.environment or {})} | {*(settings.secrets or {})})
        if taken:
            raise InvalidDeploymentError(
                f"service `{settings.name}`: the tick guard sets {', '.join(sorted(taken))} itself; leave it out"
            )

    def make(self, site: Site) -> Function:
        """See `TickGuard`."""
        table, key = self._shared(site)
        function = site.function(
            "TickGuard",
            "deployment_tick_guard",
            timeout_seconds=ONE_CALL,
            environment={
                "MODE": "lease",
                "LEASE_TABLE": table.table_name,
                "LEASE_KEY": key,
                # Longer than the switch, during which a tick would be one of both versions at once.
                **({"PAUSE_SECONDS": str(_PAUSE + NETWORK_SHIFT)} if site.traffic.is_network else {}),
                **self.waiting,
            },
        )
        _allow(function, table, key, "dynamodb:GetItem", "dynamodb:UpdateItem")
        _end_with_deployment(site, function)
        return function

    def keep(self, site: Site) -> None:
        """See `Part`: the worker asks the table before each tick."""
        self._shared(site)

    def _shared(self, site: Site) -> tuple[dynamodb.ITable, str]:
        """The table and the item that the guard and the worker share."""
        table, key = self.table or _table(site), f"{site.task.cluster.cluster_name}/{site.settings.name}"
        _tell_worker(site, table, key)
        return table, key


def _table(site: Site) -> dynamodb.Table:
    table = dynamodb.Table(
        site.scope,
        "TickLease",
        partition_key=dynamodb.Attribute(name="service", type=dynamodb.AttributeType.STRING),
        time_to_live_attribute="expires_at",
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
    waive(table, {"AwsSolutions-DDB3": "one item that is true for seconds: nothing to recover"})
    return table


def _refuse_keys(table: dynamodb.Table) -> None:
    """A table with other keys would refuse the guard's item, and so fail every deployment."""
    schema = table.schema_v2()
    keys = [*schema.partition_keys, *(schema.sort_keys or [])]
    if [(key.name, key.type) for key in keys] != [("service", dynamodb.AttributeType.STRING)]:
        found = ", ".join(f"{key.name} ({key.type.name.lower()})" for key in keys)
        raise InvalidDeploymentError(
            f"tick lease table {table.node.path} has the keys {found}: it needs the partition key `service`, a string, "
            "and no other"
        )


def _allow(grantee: iam.IGrantable, table: dynamodb.ITable, key: str, *actions: str) -> None:
    """One item of the table, and what encrypts it."""
    statement = iam.PolicyStatement(
        actions=list(actions),
        resources=[table.table_arn],
        conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [key]}},
    )
    grantee.grant_principal.add_to_principal_policy(statement)
    if table.encryption_key is not None:
        table.encryption_key.grant_decrypt(grantee)


def _end_with_deployment(site: Site, function: Function) -> None:
    """A deployment that goes back asks no hook: this is how the guard hears of it."""
    function.keep_failed_events()
    events.Rule(
        site.scope,
        "TickDeployments",
        event_pattern=events.EventPattern(
            source=["aws.ecs"], detail_type=["ECS Deployment State Change"], resources=[site.service_arn()]
        ),
        targets=[targets.LambdaFunction(function, dead_letter_queue=function.dead_letters)],
    )


def _tell_worker(site: Site, table: dynamodb.ITable, key: str) -> None:
    settings = site.settings
    site.task.container.add_environment(TABLE, table.table_name)
    site.task.container.add_environment(KEY, key)
    if not settings.environment:
        waive(site.task.task_definition, {"AwsSolutions-ECS2": "the names of a table and an item: no secrets"})
    _allow(site.task, table, key, "dynamodb:UpdateItem")
    if settings.placement.private_network is not None:
        settings.placement.private_network.reach_tables()
