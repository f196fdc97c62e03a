"""A file system or the task's own disk is not to be had.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
"""

from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

STORAGE = Family(
    r"EFS (?:utils|volumes)|mount\.nfs4|EphemeralStorage provisioning|CannotCreateVolumeError",
    (
        Wording(
            "disk-not-provisioned",
            r"EphemeralStorage provisioning",
            "the task's disk was not ready in time",
            "Wait: ECS tries again by itself; ask AWS Support if it goes on",
        ),
        Wording(
            "efs-mount-failed",
            r"failed to resolve|name or service not known|could not be resolved",
            "the name of {file_system} cannot be resolved from the task's subnet",
            "Make a mount target in each Availability Zone of the service, and let the VPC resolve DNS names",
        ),
        Wording(
            "efs-mount-failed",
            r"access denied|not authorized",
            "{file_system} does not let the task in",
            "Allow elasticfilesystem:ClientMount and ClientWrite to the task role, and check the file system's policy",
        ),
        Wording(
            "efs-mount-failed",
            r"no such file or directory",
            "the root directory that the task mounts does not exist in {file_system}",
            "Create the directory, or mount an access point, which creates it",
        ),
        Wording(
            "efs-mount-failed",
            r"time(?:d )?out",
            "the task cannot reach {file_system}",
            "Let the mount targets' security group take TCP 2049 from the task's security group",
        ),
        Wording(
            "efs-mount-failed",
            r"EFS|mount\.nfs4",
            "{file_system} cannot be mounted",
            "Check its mount targets, their security group (TCP 2049) and the task role",
        ),
        Wording(
            "volume-failed", ANYTHING, "a volume of the task cannot be made", "Check the task definition's volumes"
        ),
    ),
)
