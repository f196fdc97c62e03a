"""No task can be placed: capacity, quotas, addresses; or AWS took the task away.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/failed-to-start-error.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
"""

from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

SPOT = Wording(
    "spot-interruption",
    r"spot task was interrupted|SpotInterruption",
    "AWS took back the Spot capacity on which the task ran",
    "Run a base of the tasks on FARGATE: give its capacity provider a base in the strategy",
)
MAINTENANCE = Wording(
    "infrastructure-maintenance",
    r"maintenance|retire|TerminationNotice|InfrastructureHealth|host .*(?:terminated|stopped|unhealthy)",
    "AWS replaced the machine under the task",
    "Run two tasks or more, so that one can be replaced",
)
PLACEMENT = Family(
    ANYTHING,
    (
        SPOT,
        Wording(
            "targets-not-registered",
            r"failed to (?:de)?register targets .*with \(error (?P<error>.+?)\.?\)",
            "ECS cannot change the targets of {target_group}: {error}",
            "Correct the target group: of type ip, in the VPC of the tasks",
        ),
        Wording(
            "security-group-missing",
            r"security group '?(?P<group>sg-\w+)'? does not exist",
            "security group `{group}` of the service does not exist",
            "Correct the security groups in the service's network configuration",
        ),
        Wording(
            "subnet-missing",
            r"subnet(?: ID)? '?subnet-\w+'? does not exist",
            "{subnet} of the service does not exist",
            "Correct the subnets in the service's network configuration",
        ),
        Wording(
            "subnet-full",
            r"InsufficientFreeAddresses|(?:insufficient|not enough) (?:free )?(?:IP )?addresses",
            "{subnet} has no free address",
            "Add subnets with free addresses, or free some",
        ),
        Wording(
            "subnet-full",
            r"Create Network Interface with public IP assignment",
            "{subnet} has no address for the task's network interface",
            "Add subnets with free addresses, or free some",
        ),
        Wording(
            "network-interface-failed",
            r"Create Network Interface|network interface provision",
            "the task's network interface was not made",
            "Check the free addresses of {subnet}, and the account's quota of network interfaces",
        ),
        Wording(
            "capacity-unavailable",
            r"capacity is unavailable",
            "Fargate has no capacity in the Availability Zones of the service",
            "Wait, or add subnets in other Availability Zones",
        ),
        Wording(
            "quota-reached",
            r"limit on the number of (?P<counted>vCPUs|tasks)",
            "the account runs as many {counted} on Fargate as its quota allows",
            "Raise the Fargate quota in Service Quotas, or run fewer tasks",
        ),
        Wording(
            "quota-reached",
            r"requested (?P<size>CPU|MEMORY) configuration is above your limit",
            "the task asks for more `{size}` than the account's quota allows",
            "Raise the Fargate quota in Service Quotas, or make the task smaller",
        ),
        Wording(
            "quota-reached",
            r"tasks provisioning capacity limit",
            "the cluster has 500 tasks that wait to be provisioned, which is its limit",
            "Wait, and start fewer tasks at a time",
        ),
        Wording(
            "no-container-instance",
            r"container[- ]instances?\b|RESOURCE:(?P<missing>[A-Z]+)|(?-i:\bAGENT\b)",
            "no container instance of the cluster can take the task",
            "Set launchType FARGATE or a Fargate capacity provider, or add container instances",
        ),
        Wording(
            "zone-unsupported",
            r"unable to place a task\. Reason: Internal error",
            "ECS cannot place a task; a subnet may lie in an Availability Zone without Fargate",
            "Compare the Availability Zones of the service's subnets with those that Fargate supports",
        ),
        Wording(
            "ecs-throttled",
            r"operations are being throttled|rate exceeded",
            "AWS throttles what ECS does for the service",
            "Wait: ECS tries again by itself",
        ),
        MAINTENANCE,
    ),
)
