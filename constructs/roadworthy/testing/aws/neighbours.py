"""All the neighbours of one control plane."""

from roadworthy.testing.aws.cloudwatch import CloudWatch
from roadworthy.testing.aws.dynamodb.api import DynamoDb
from roadworthy.testing.aws.ec2 import Ec2
from roadworthy.testing.aws.ecr import Ecr
from roadworthy.testing.aws.elbv2 import Elbv2
from roadworthy.testing.aws.logs import CloudWatchLogs
from roadworthy.testing.aws.secretsmanager import SecretsManager
from roadworthy.testing.aws.service_quotas import ServiceQuotas
from roadworthy.testing.aws.ssm import Ssm
from roadworthy.testing.aws.sts import Sts
from roadworthy.testing.plane.plane import Plane


class Neighbours:
    """The services around ECS, by boto3's names for them; all share the backend and the state of the control plane."""

    def __init__(self, plane: Plane) -> None:
        """Play them."""
        backend = plane.backend
        self.cloudwatch = CloudWatch(backend, plane.alarms)
        self.dynamodb = DynamoDb(backend)
        self.ec2 = Ec2(backend)
        self.ecr = Ecr(backend)
        self.elbv2 = Elbv2(plane)
        self.logs = CloudWatchLogs(backend, plane.logs)
        self.secretsmanager = SecretsManager(backend)
        self.service_quotas = ServiceQuotas(backend)
        self.ssm = Ssm(backend)
        self.sts = Sts(backend)
