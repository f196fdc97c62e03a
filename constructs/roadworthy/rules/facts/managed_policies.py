"""What AWS's own managed policies allow that ECS needs; a policy that is not listed may allow anything.

Each allows its actions on all resources, and other things that are left out here.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

PULL = (
    "ecr:getauthorizationtoken",
    "ecr:batchchecklayeravailability",
    "ecr:getdownloadurlforlayer",
    "ecr:batchgetimage",
)
WRITE_LOGS = ("logs:createlogstream", "logs:putlogevents")
MESSAGES = tuple(f"ssmmessages:{verb}{kind}channel" for verb in ("create", "open") for kind in ("control", "data"))
READ_LOAD_BALANCERS = tuple(
    f"elasticloadbalancing:describe{kind}" for kind in ("listeners", "rules", "targetgroups", "targethealth")
)

ACTIONS: dict[str, tuple[str, ...]] = {
    "AmazonDynamoDBFullAccess": (),
    "AmazonDynamoDBReadOnlyAccess": (),
    "AmazonEC2ContainerRegistryFullAccess": ("ecr:*",),
    "AmazonEC2ContainerRegistryPowerUser": PULL,
    "AmazonEC2ContainerRegistryPullOnly": tuple(action for action in PULL if "check" not in action),
    "AmazonEC2ContainerRegistryReadOnly": PULL,
    "AmazonEC2ContainerServiceAutoscaleRole": (),
    "AmazonEC2ContainerServiceforEC2Role": PULL + WRITE_LOGS,
    "AmazonECSInfrastructureRolePolicyForLoadBalancers": (
        *READ_LOAD_BALANCERS,
        *(f"elasticloadbalancing:{verb}targets" for verb in ("register", "deregister")),
        *(f"elasticloadbalancing:modify{kind}" for kind in ("listener", "rule")),
    ),
    "AmazonECSInfrastructureRolePolicyForVolumes": (
        *(f"ec2:{verb}volume" for verb in ("create", "attach", "detach", "delete")),
        *("ec2:createtags", "ec2:describevolumes", "ec2:describeavailabilityzones", "ec2:describeinstances"),
    ),
    "AmazonECSTaskExecutionRolePolicy": PULL + WRITE_LOGS,
    "AmazonS3FullAccess": ("s3:*",),
    "AmazonS3ReadOnlyAccess": ("s3:get*", "s3:list*", "s3:describe*"),
    "AmazonSNSFullAccess": (),
    "AmazonSQSFullAccess": (),
    "AmazonSSMFullAccess": ("ssm:*", "logs:*", *MESSAGES),
    "AmazonSSMManagedInstanceCore": ("ssm:getparameter", "ssm:getparameters", *MESSAGES),
    "AmazonSSMReadOnlyAccess": ("ssm:describe*", "ssm:get*", "ssm:list*"),
    "AWSAppMeshEnvoyAccess": (),
    "AWSLambdaBasicExecutionRole": ("logs:createloggroup", *WRITE_LOGS),
    "AWSXRayDaemonWriteAccess": (),
    "CloudWatchAgentServerPolicy": ("logs:createloggroup", *WRITE_LOGS, "ssm:getparameter"),
    "CloudWatchFullAccess": ("logs:*",),
    "CloudWatchLogsFullAccess": ("logs:*",),
    "SecretsManagerReadWrite": ("secretsmanager:*",),
}
