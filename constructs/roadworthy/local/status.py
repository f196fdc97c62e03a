"""What runs in a local AWS, as text."""

from roadworthy.local.query_service import SERVICE_STACK
from roadworthy.local.session import LocalAws


def report(aws: LocalAws) -> str:
    """The endpoint, the deployed stacks and, of the query service, its tasks and URLs."""
    lines = [f"AWS endpoint  {aws.url} (region {aws.region})", f"log           {aws.state / 'aws.log'}"]
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    lines += [f"stack         {stack['StackName']}  {stack['StackStatus']}" for stack in stacks]
    lines += _service(aws, aws.outputs.get(SERVICE_STACK, {}))
    return "\n".join(lines) + "\n"


def _service(aws: LocalAws, outputs: dict[str, str]) -> list[str]:
    if not outputs:
        return []
    ecs, cluster, name = aws.client("ecs"), outputs["ClusterName"], outputs["ServiceName"]
    service = ecs.describe_services(cluster=cluster, services=[name])["services"][0]
    counts = f"{service['runningCount']} of {service['desiredCount']} tasks running"
    return [f"service       {cluster}/{name}  {counts}", f"public API    {aws.local_url(outputs['PublicApiUrl'])}"]
