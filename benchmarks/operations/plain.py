"""What people write with boto3 to see their services and to restart them: one call after the other."""

from typing import Any


def list_services(ecs: Any, cluster: str) -> list[tuple[str, int, int, str]]:
    """Name, desired and running tasks, and image of each service."""
    rows = []
    for page in ecs.get_paginator("list_services").paginate(cluster=cluster):
        answer = ecs.describe_services(cluster=cluster, services=page["serviceArns"])
        for service in answer["services"]:
            definition = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
            image = definition["containerDefinitions"][0]["image"]
            rows.append((service["serviceName"], service["desiredCount"], service["runningCount"], image))
    return rows


def restart_all(ecs: Any, cluster: str) -> int:
    """Restart every service and wait until it is stable; how many there were."""
    count = 0
    for page in ecs.get_paginator("list_services").paginate(cluster=cluster):
        for arn in page["serviceArns"]:
            ecs.update_service(cluster=cluster, service=arn, forceNewDeployment=True)
            ecs.get_waiter("services_stable").wait(cluster=cluster, services=[arn])
            count += 1
    return count
