"""A service of a blue/green stack on a local AWS, as the tests ask for it."""

import dataclasses
import json
import uuid
from typing import Any

from roadworthy.local.session import LocalAws

ENDED = {"SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}


@dataclasses.dataclass
class Shop:
    """The service `shop` of examples/blue_green."""

    aws: LocalAws

    @property
    def cluster(self) -> str:
        (arn,) = (one for one in self.aws.client("ecs").list_clusters()["clusterArns"] if "BlueGreen" in one)
        return str(arn)

    @property
    def service(self) -> dict[str, Any]:
        return self.aws.client("ecs").describe_services(cluster=self.cluster, services=["shop"])["services"][0]

    def deployments(self) -> list[dict[str, Any]]:
        """All of them, the newest first."""
        ecs = self.aws.client("ecs")
        briefs = ecs.list_service_deployments(cluster=self.cluster, service="shop")["serviceDeployments"]
        arns = [one["serviceDeploymentArn"] for one in briefs]
        return ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"]

    def deployment(self) -> dict[str, Any]:
        """The newest one."""
        return self.deployments()[0]

    def update(self, hook_details: dict[str, Any] | None = None, **variables: str) -> dict[str, Any]:
        """Begin a deployment of a new revision with these variables, which need not bake; it is the answer."""
        ecs, configuration = self.aws.client("ecs"), self.service["deploymentConfiguration"]
        # As a hook of a service may: its details say what the functions' variables say for all services.
        details = {"pollSeconds": 1, "minWaitSeconds": 1, **(hook_details or {})}
        hooks = [{**hook, "hookDetails": details} for hook in configuration["lifecycleHooks"]]
        ecs.update_service(
            cluster=self.cluster,
            service="shop",
            taskDefinition=self._register(variables),
            deploymentConfiguration={**configuration, "bakeTimeInMinutes": 0, "lifecycleHooks": hooks},
        )
        return self.deployment()

    def _register(self, variables: dict[str, str]) -> str:
        ecs = self.aws.client("ecs")
        definition = ecs.describe_task_definition(taskDefinition=self.service["taskDefinition"])["taskDefinition"]
        kept = ("family", "taskRoleArn", "executionRoleArn", "networkMode", "requiresCompatibilities", "cpu", "memory")
        (container,) = definition["containerDefinitions"]
        old = [one for one in container["environment"] if one["name"] not in variables]
        container["environment"] = old + [{"name": name, "value": value} for name, value in variables.items()]
        request = {name: definition[name] for name in kept}
        made = ecs.register_task_definition(**request, containerDefinitions=[container])
        return str(made["taskDefinition"]["taskDefinitionArn"])

    def event(self, stage: str, **details: Any) -> dict[str, Any]:
        """What ECS calls a hook with, for the newest deployment.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
        """
        deployment = self.deployment()
        green, (blue, *_) = deployment["targetServiceRevision"]["arn"], deployment["sourceServiceRevisions"]
        return {
            "executionId": str(uuid.uuid4()),
            "lifecycleStage": stage,
            "resourceArn": deployment["serviceDeploymentArn"],
            "executionDetails": {
                "serviceArn": self.service["serviceArn"],
                "targetServiceRevisionArn": green,
                "testTrafficWeights": {},
                "productionTrafficWeights": {green: 0, blue["arn"]: 100},
            },
            "hookDetails": details,
        }

    def call(self, function: str, event: dict[str, Any]) -> Any:
        """Invoke the function `shop-deployment-<function>`."""
        name = f"shop-deployment-{function}"
        answer = self.aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def rule(self, name: str) -> dict[str, Any]:
        """The rule `production` or `test`."""
        (balancer,) = self.service["loadBalancers"]
        arn = balancer["advancedConfiguration"][f"{name}ListenerRule"]
        return self.aws.client("elbv2").describe_rules(RuleArns=[arn])["Rules"][0]

    def groups(self) -> list[str]:
        """Both target groups."""
        (balancer,) = self.service["loadBalancers"]
        return [balancer["targetGroupArn"], balancer["advancedConfiguration"]["alternateTargetGroupArn"]]

    def healthy(self, group: str) -> int:
        """How many healthy targets a group has."""
        health = self.aws.client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return [one["TargetHealth"]["State"] for one in health].count("healthy")
