"""Tests of what operates services on Amazon ECS, without AWS: `FakeEcs` plays deployments over virtual time.

    from roadworthy.testing import FakeEcs, faults

How to use it: docs/testing-pipelines.md. It needs boto3 (`pip install "roadworthy[aws]"`).
"""

try:
    import boto3 as _boto3  # noqa: F401
except ModuleNotFoundError:
    raise ModuleNotFoundError("roadworthy.testing needs boto3: pip install 'roadworthy[aws]'", name="boto3") from None

from roadworthy.testing import faults
from roadworthy.testing.fake_ecs import FakeEcs
from roadworthy.testing.wire.backend import AwsError

__all__ = ["AwsError", "FakeEcs", "faults"]
