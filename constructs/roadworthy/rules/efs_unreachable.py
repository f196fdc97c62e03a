"""A task reaches the file systems that it mounts.

## Why is this bad?

A task that cannot mount a volume never starts: `ResourceInitializationError: failed to invoke EFS utils commands to
set up EFS volumes: stderr: Failed to resolve "fs-..."`, or `mount.nfs4: access denied by server`. Reported are

- a file system without any mount target, or without one in the zone of one of the tasks' subnets, and security groups
  between task and mount target that are closed for port 2049;
- a VPC without Amazon's DNS server, by which the file system is found (without DNS hostnames: a warning);
- IAM authorization with a task role that may not mount, by its own policies and the file system's (where the file
  system has no policy everybody may: a warning);
- a service that does not wait for the mount targets, so that its first tasks fail (a warning).

What other templates may add is left alone.

In CDK a service waits after `service.node.default_child.node.add_dependency(file_system.mount_targets_available)`.

## Example

```yaml fails
Resources:
  Files: {Type: AWS::EFS::FileSystem}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
      Volumes: [{Name: data, EFSVolumeConfiguration: {FilesystemId: !Ref Files}}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
```

```yaml passes
Resources:
  Files: {Type: AWS::EFS::FileSystem}
  MountTarget:
    Type: AWS::EFS::MountTarget
    Properties: {FileSystemId: !Ref Files, SubnetId: subnet-0a1b2c3d, SecurityGroups: [sg-0a1b2c3d]}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
      Volumes: [{Name: data, EFSVolumeConfiguration: {FilesystemId: !Ref Files}}]
  Service:
    Type: AWS::ECS::Service
    DependsOn: MountTarget
    Properties: {TaskDefinition: !Ref Task}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.efs_mount import Mount, mounts
from roadworthy.rules.facts.iam_policy import lacks, lets_roles
from roadworthy.template.conditions import possible
from roadworthy.template.model.network.file_system import MountTarget
from roadworthy.template.model.network.security_group import receives, sends
from roadworthy.template.model.service import Service

NFS = 2049
MAY_MOUNT = "elasticfilesystem:ClientMount"


@rule(
    "efs-unreachable",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report file systems that a service's tasks cannot mount."""
    for mount in mounts(service):
        for found in (*_network(mount), *_names(mount), *_permission(mount)):
            yield found._replace(assumed=found.assumed | mount.assumed)


def _network(mount: Mount) -> Iterator[Finding]:
    files, service = mount.file_system, mount.service
    targets = [target for target in files.mount_targets if possible(mount.when, target.when)]
    if not files.mount_targets and files.mount_targets_are_known:
        message = f"volume `{mount.volume.label}` is file system `{files.label}`, which has no mount target"
        yield Finding(mount.at, message, "Add a mount target in each subnet's availability zone")
    yield from _zones(mount)
    for target in targets:
        yield from _closed(mount, target)
    late = [target for target in targets if not service.is_made_after(target)]
    if late:
        names = ", ".join(f"`{target.label}`" for target in late)
        message = f"service `{service.name}` mounts `{files.label}` and does not wait for its mount targets {names}"
        fix = f"Let the service depend on {', '.join(f'`{target.logical_id}`' for target in late)}"
        yield Finding(service.node, message, fix, WARNING)


def _zones(mount: Mount) -> Iterator[Finding]:
    """Subnets of the tasks in zones that certainly have no mount target."""
    files = mount.file_system
    homes = [subnet for target in files.mount_targets for subnet in target.party.subnets.resources]
    zones = {subnet.zone for subnet in homes}
    if not files.mount_targets_are_known or None in zones or len(homes) != len(files.mount_targets):
        return
    for network in mount.service.task_networks:
        for known in network.subnets.known:
            zone = known.value.zone
            alike = zone is not None and zone not in zones and {kind for kind, _ in filter(None, zones)} == {zone[0]}
            if alike and possible(mount.when, network.node.when, known.when):
                message = f"file system `{files.label}` has no mount target in the zone of subnet `{known.value.label}`"
                yield Finding(known.at, message, "Add a mount target in that zone", assumed=known.assumed)


def _closed(mount: Mount, target: MountTarget) -> Iterator[Finding]:
    for network in mount.service.task_networks:
        if possible(mount.when, target.when, network.node.when):
            who = f"tasks of service `{mount.service.name}`"
            if receives(target.party, network.party, NFS) is False:
                message = f"mount target `{target.label}` lets no {who} in on port {NFS}"
                yield Finding(target.node, message, f"Allow TCP {NFS} from the service's security group")
            elif sends(network.party, target.party, NFS) is False:
                message = f"the security groups let no {who} out to mount target `{target.label}` on port {NFS}"
                yield Finding(network.node, message, f"Allow TCP {NFS} to the mount target's security group")


def _names(mount: Mount) -> Iterator[Finding]:
    subnets = {subnet for network in mount.service.task_networks for subnet in network.subnets.resources}
    for vpc in {vpc: None for subnet in subnets for vpc in subnet.vpcs.resources}:
        for name, values, severity in (
            ("EnableDnsSupport", vpc.dns_support, ERROR),
            ("EnableDnsHostnames", vpc.dns_hostnames, WARNING),
        ):
            for off in [each for each in values if not each.value and possible(mount.when, each.when)]:
                message = f"`{vpc.label}` has `{name}` off, by which tasks find file system `{mount.file_system.label}`"
                yield Finding(off.at, message, f"Set `{name}` to true", severity, off.assumed)


def _permission(mount: Mount) -> Iterator[Finding]:
    policy = mount.file_system.policy
    if policy is not None and lets_roles(policy, MAY_MOUNT):
        return
    for authorization in mount.volume.efs_authorizations(mount.configuration):
        for iam in mount.volume.efs_iam(authorization):
            for role in mount.definition.task_roles if iam.value == "ENABLED" else ():
                if possible(mount.when, iam.when, role.when) and lacks(role.value, MAY_MOUNT):
                    message = f"volume `{mount.volume.label}` is mounted by IAM, but task role `{role.value.label}` "
                    message += f"has no permission `{MAY_MOUNT}`"
                    severity = WARNING if policy is None else ERROR
                    fix = f"Allow `{MAY_MOUNT}` and `ClientWrite` on the file system to the task role"
                    yield Finding(iam.at, message, fix, severity, iam.assumed | role.assumed)
