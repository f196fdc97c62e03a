"""What ECS itself says of a deployment: from which images to which, and whether it is going back.

The event has neither: the images are in the service revisions between which the service deployment moves, and its
status tells a deployment that was completed from a rollback that was, for which ECS sends the same event.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

LONGEST = timedelta(days=14)  # a lifecycle hook may pause a deployment for so long
SOON = timedelta(minutes=1)
DIGEST_DIGITS = 12


@dataclass(frozen=True)
class Rollout:
    """A service deployment: its status, and a line for each container."""

    status: str
    images: tuple[str, ...]

    @property
    def goes_back(self) -> bool:
        """Whether ECS rolls it back or has done so."""
        return self.status.startswith("ROLLBACK_")


def look_up(ecs: "ECSClient", *, service_arn: str, cluster: str, time: str) -> Rollout | None:
    """The deployment of a service that had been started last at a time; None without any.

    Raises botocore's exceptions.
    """
    arn = _newest(ecs, service_arn, cluster, datetime.fromisoformat(time))
    found = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"] if arn else []
    if not found:
        return None
    sources = [revision["arn"] for revision in found[0].get("sourceServiceRevisions", [])]
    target = found[0].get("targetServiceRevision", {}).get("arn", "")
    images = _images(ecs, [arn for arn in (*sources, target) if arn])
    old = {name: image for source in sources for name, image in images.get(source, {}).items()}
    return Rollout(found[0].get("status", ""), tuple(_lines(old, images.get(target, {}))))


def _newest(ecs: "ECSClient", service_arn: str, cluster: str, time: datetime) -> str | None:
    asked: dict[str, Any] = {
        "service": service_arn,
        "cluster": cluster,
        "createdAt": {"after": time - LONGEST, "before": time + SOON},
    }
    found: list[Any] = []
    while True:
        page = ecs.list_service_deployments(**asked)
        found += page["serviceDeployments"]
        if not page.get("nextToken"):
            break
        asked["nextToken"] = page["nextToken"]
    newest = max(found, key=lambda brief: brief["createdAt"], default=None)
    return newest["serviceDeploymentArn"] if newest else None


def _images(ecs: "ECSClient", revisions: list[str]) -> dict[str, dict[str, str]]:
    """Revision -> container -> image."""
    if not revisions:
        return {}
    answer = ecs.describe_service_revisions(serviceRevisionArns=sorted(set(revisions)))
    return {
        revision["serviceRevisionArn"]: {
            each["containerName"]: short(each["image"]) for each in revision.get("containerImages", [])
        }
        for revision in answer["serviceRevisions"]
    }


def _lines(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name, image in sorted(new.items()):
        before = old.get(name)
        if before is None:
            yield f"{name}: {image}"
        elif before == image:
            yield f"{name}: {image} (unchanged)"
        else:
            yield f"{name}: {before} -> {image}"


def short(image: str) -> str:
    """An image without its registry, and with the first digits of its digest: `shop/api@sha256:0123456789ab`."""
    registry, slash, rest = image.partition("/")
    name = rest if slash and ("." in registry or ":" in registry or registry == "localhost") else image
    before, at, digest = name.partition("@sha256:")
    return f"{before}{at}{digest[:DIGEST_DIGITS]}"
