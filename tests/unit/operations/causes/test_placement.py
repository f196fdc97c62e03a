import pytest

from roadworthy.operations.causes import cause_of_task

UNABLE = "(service api) was unable to place a task. Reason: "
TASKS = "ResourceInitializationError"
CASES = {
    "no capacity": (
        f"{UNABLE}Capacity is unavailable at this time. Please try again later or in a different availability zone.",
        "capacity-unavailable",
        "Fargate has no capacity in the Availability Zones of the service",
        "Wait, or add subnets in other Availability Zones",
    ),
    "the vCPU quota, with AWS's apostrophe": (
        f"{UNABLE}You’ve reached the limit on the number of vCPUs you can run concurrently",  # noqa: RUF001
        "quota-reached",
        "the account runs as many vCPUs on Fargate as its quota allows",
        "Raise the Fargate quota in Service Quotas, or run fewer tasks",
    ),
    "a task larger than the quota": (
        f"{UNABLE}The requested CPU configuration is above your limit.",
        "quota-reached",
        "the task asks for more `CPU` than the account's quota allows",
        "Raise the Fargate quota in Service Quotas, or make the task smaller",
    ),
    "a full subnet": (
        f"{UNABLE}Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0a1b2c': "
        "InsufficientFreeAddressesInSubnet.",
        "subnet-full",
        "subnet `subnet-0a1b2c` has no free address",
        "Add subnets with free addresses, or free some",
    ),
    "a zone without Fargate": (
        f"{UNABLE}Internal error.",
        "zone-unsupported",
        "ECS cannot place a task; a subnet may lie in an Availability Zone without Fargate",
        "Compare the Availability Zones of the service's subnets with those that Fargate supports",
    ),
    "a service on EC2 in a cluster without instances": (
        "(service api) was unable to place a task because no container instance met all of its requirements. Reason: "
        "No Container Instances were found in your cluster.",
        "no-container-instance",
        "no container instance of the cluster can take the task",
        "Set launchType FARGATE or a Fargate capacity provider, or add container instances",
    ),
    "throttled": (
        "(service api) operations are being throttled. Will try again later.",
        "ecs-throttled",
        "AWS throttles what ECS does for the service",
        "Wait: ECS tries again by itself",
    ),
    "a role that ECS may not assume": (
        "(service api) failed to launch a task with (error ECS was unable to assume the role "
        "'arn:aws:iam::111122223333:role/api-exec' that was provided for this task. Please verify that the role being "
        "passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this "
        "role.).",
        "role-not-assumable",
        "ECS cannot assume role `api-exec` for the task",
        "Let `ecs-tasks.amazonaws.com` assume role `api-exec`: correct its trust policy, or name a role that exists",
    ),
    "a security group that is gone": (
        "(service api) was unable to place a task. Reason: The security group 'sg-0123' does not exist",
        "security-group-missing",
        "security group `sg-0123` of the service does not exist",
        "Correct the security groups in the service's network configuration",
    ),
    "a subnet that is gone": (
        "(service api) was unable to place a task. Reason: The subnet ID 'subnet-0123' does not exist",
        "subnet-missing",
        "subnet `subnet-0123` of the service does not exist",
        "Correct the subnets in the service's network configuration",
    ),
    "targets of another type": (
        "(service api) failed to register targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup"
        "/api/1) with (error The target group has target type instance)",
        "targets-not-registered",
        "ECS cannot change the targets of target group `api`: The target group has target type instance",
        "Correct the target group: of type ip, in the VPC of the tasks",
    ),
    "no service-linked role": (
        "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
        "role-not-assumable",
        "the service-linked role of ECS does not exist",
        "Create it: `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`",
    ),
}


@pytest.mark.parametrize(("message", "kind", "what", "next_step"), CASES.values(), ids=CASES)
def test_why_a_task_is_not_placed(event, message, kind, what, next_step):
    assert event(message) == (kind, what, next_step)


@pytest.mark.parametrize(
    ("stop_code", "reason", "kind"),
    [
        ("SpotInterruption", "Your Spot Task was interrupted.", "spot-interruption"),
        ("TerminationNotice", "Your Spot Task was interrupted.", "spot-interruption"),
        (
            "ServiceSchedulerInitiated",
            "ECS is performing maintenance on the underlying infrastructure hosting the task",
            "infrastructure-maintenance",
        ),
        (
            "TaskFailedToStart",
            "Timeout waiting for network interface provisioning to complete.",
            "network-interface-failed",
        ),
        (
            "TaskFailedToStart",
            "Timeout waiting for EphemeralStorage provisioning to complete.",
            "disk-not-provisioned",
        ),
    ],
)
def test_what_aws_took_away_is_not_blamed_on_the_exit_code(stopped, stop_code, reason, kind):
    assert cause_of_task(stopped(stop_code, reason, exitCode=143)).kind == kind


def test_an_agent_in_a_sentence_is_none_of_a_container_instance(event):
    assert event("(service api) was unable to place a task. Reason: AGENT")[0] == "no-container-instance"
    told = event("(service api) was unable to start the Service Connect agent of a task")
    assert told is None or told[0] == "other"
