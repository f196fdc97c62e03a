"""The image is built for the platform on which the task runs.

## Why is this bad?

The task never starts: `CannotPullContainerError: image Manifest does not contain descriptor matching platform
'linux/amd64'`, or its container ends at once with `exec format error`. An image that was built on a laptop with
an ARM processor runs on ARM64 alone, unless the build named its platforms.

A Fargate task runs on `LINUX/X86_64` unless its `RuntimePlatform` says otherwise; elsewhere only a platform that
is written is compared. The image's manifest list tells its platforms; of an image for a single platform its
configuration does. An image that names none is not reported.

## Needs

`ecr:DescribeImages`, `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer` on the repository.
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.online.aws import Aws
from roadworthy.online.ecr import Platform, platforms, require
from roadworthy.online.engine import ERROR, WARNING, Finding, online_check
from roadworthy.online.failures import Absent
from roadworthy.online.subjects.images import SURELY, EcrImage, ecr_images
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import absent, jointly, texts
from roadworthy.template.model.task_definition import TaskDefinition

SYSTEMS = {"LINUX": "linux", "WINDOWS": "windows"}  # by the first word of the operating system's family
ARCHITECTURES = {"X86_64": "amd64", "ARM64": "arm64"}


class _Wanted(NamedTuple):
    platform: Platform
    when: When
    assumed: frozenset[str]


@online_check(
    "image-platform-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html",
    subjects=ecr_images,
)
def check(image: EcrImage, aws: Aws) -> Iterator[Finding]:
    """Report images that have no part for the task's platform."""
    wanted = [each for each in _wanted(image.container.definition) if possible(image.when, each.when)]
    offered = _offered(image, aws) if wanted else frozenset()
    for each in wanted:
        if offered and each.platform not in offered:
            names = ", ".join(f"`{platform}`" for platform in sorted(offered))
            yield Finding(
                at=image.place,
                message=f"container `{image.container.label}` runs on `{each.platform}`, "
                f"but image `{image.label}` is built for {names}",
                fix=f"Build the image for {each.platform}, or set the task definition's RuntimePlatform",
                severity=None if image.starts == SURELY else WARNING,
                assumed=image.assumed | each.assumed,
            )


def _offered(image: EcrImage, aws: Aws) -> frozenset[Platform]:
    try:
        require(image, aws)
        return platforms(image, aws)
    except Absent:  # which `image-tag-missing` reports
        return frozenset()


def _wanted(definition: TaskDefinition) -> list[_Wanted]:
    """The platforms that the task can run on, as far as they are known."""
    found = []
    for runtime in definition.node.get("RuntimePlatform"):
        systems = texts(runtime, "OperatingSystemFamily", "LINUX")
        architectures = texts(runtime, "CpuArchitecture", "X86_64" if definition.on_fargate else None)
        for system, architecture in jointly(systems, architectures):
            name, processor = SYSTEMS.get(system.value.split("_")[0]), ARCHITECTURES.get(architecture.value)
            if name and processor:
                when = system.when | architecture.when
                found.append(_Wanted(Platform(name, processor), when, system.assumed | architecture.assumed))
    unwritten = absent(definition.node, "RuntimePlatform") if definition.is_whole else []
    default = Platform("linux", "amd64")
    ways = [when | fargate for when in unwritten for fargate in definition.on_fargate if possible(when, fargate)]
    return found + [_Wanted(default, when, frozenset()) for when in ways]
