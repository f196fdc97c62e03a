"""All variants, by section of what can go wrong."""

from benchmarks.coverage.variant import Variant
from benchmarks.coverage.variants import (
    containers,
    deployment,
    images_and_secrets,
    load_balancing,
    network,
    raw,
    roles_and_logs,
    task_definition,
    traps,
)

SECTIONS: dict[str, list[Variant]] = {
    "task definition": task_definition.VARIANTS,
    "containers": containers.VARIANTS,
    "images and secrets": images_and_secrets.VARIANTS,
    "network": network.VARIANTS,
    "load balancing": load_balancing.VARIANTS,
    "deployment": deployment.VARIANTS,
    "roles and logs": roles_and_logs.VARIANTS,
    "raw files": raw.VARIANTS,
}
BROKEN: list[Variant] = [variant for variants in SECTIONS.values() for variant in variants]
TRAPS: list[Variant] = traps.VARIANTS
