"""What the services of an environment share."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from constructs import Construct

from roadworthy.catalogue import Environment
from roadworthy.patterns import AccessLogBucket, AlarmTopic, EncryptionKey, PrivateNetwork, ServiceLogs


class SharedStack(cdk.Stack):
    """One network, one cluster, one load balancer and one private zone of an environment.

    Attributes:
        settings: the environment, as services.toml has it.
        logs: makes log groups that are kept as long as the environment says.
        network: the network; nothing comes in, and only AWS is reached.
        clusters: the environment's cluster, and those that services name for themselves.
        domain: what the names of the services end in: `user-auth.stage.optima.internal`.
        zone: those names, known within the network alone.
        listener: that of the load balancer that the HTTP services share, each by its name.
        topic: is told of alarms, where the environment is guarded.
    """

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment, settings: Environment) -> None:
        super().__init__(scope, id, env=env, description=f"What the services of {settings.name} share")
        self.settings = settings
        self.logs = ServiceLogs(retention_days=settings.log_retention_days)
        self.network = PrivateNetwork(
            self, "Network", availability_zones=settings.availability_zones, flow_logs=self.logs
        )
        assert settings.cluster  # the catalogue makes its name of the project's
        self.clusters = {settings.cluster: self._cluster("Cluster", settings.cluster)}
        self.domain = f"{settings.name}.optima.internal"
        self.zone = route53.PrivateHostedZone(self, "Zone", zone_name=self.domain, vpc=self.network.vpc)
        self.listener = self._listener()
        self.topic: AlarmTopic | None = None
        if settings.guarded:
            self.topic = AlarmTopic(self, "Alarms", encryption_key=EncryptionKey(self, "Key", alias=id))

    def cluster_of(self, name: str) -> ecs.Cluster:
        """The cluster of this name: the environment's, or one that the first service makes that names it."""
        if name not in self.clusters:
            self.clusters[name] = self._cluster(name, name)
        return self.clusters[name]

    def host_of(self, service: str) -> str:
        """The name by which a service is found."""
        return f"{service}.{self.domain}"

    def name(self, scope: Construct, service: str, address: str) -> None:
        """Let a service that has a load balancer of its own be found by its name like the others."""
        route53.CnameRecord(scope, "Name", zone=self.zone, record_name=service, domain_name=address)

    def _cluster(self, id: str, name: str) -> ecs.Cluster:
        insights = ecs.ContainerInsights.ENABLED
        return ecs.Cluster(self, id, cluster_name=name, vpc=self.network.vpc, container_insights_v2=insights)

    def _listener(self) -> elbv2.ApplicationListener:
        balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=self.network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            drop_invalid_header_fields=True,
            deletion_protection=self.settings.guarded,
        )
        balancer.log_access_logs(AccessLogBucket(self, "AccessLogs", retention_days=self.settings.log_retention_days))
        self.name(self, "*", balancer.load_balancer_dns_name)
        nobody = elbv2.ListenerAction.fixed_response(404)
        return balancer.add_listener("Http", port=80, open=False, default_action=nobody)
