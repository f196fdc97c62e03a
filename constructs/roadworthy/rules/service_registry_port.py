"""A service's registry gets the port that its DNS records need, and there is one registry.

## Why is this bad?

A record of type SRV holds a port: under the network mode `awsvpc` ECS needs `Port`, or `ContainerName` and
`ContainerPort`, but not both. A record of type A holds none: `The values specified for serviceRegistries do not
require a value for 'containerPort'`. ECS refuses what differs, and more than one registry.

Registries are looked at whose AWS::ServiceDiscovery::Service is in the documents.

## Example

```yaml fails
Resources:
  Registry:
    Type: AWS::ServiceDiscovery::Service
    Properties:
      DnsConfig: {NamespaceId: !ImportValue Namespace, DnsRecords: [{Type: SRV, TTL: 60}]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      ServiceRegistries: [{RegistryArn: !GetAtt Registry.Arn}]
```

```yaml passes
Resources:
  Registry:
    Type: AWS::ServiceDiscovery::Service
    Properties:
      DnsConfig: {NamespaceId: !ImportValue Namespace, DnsRecords: [{Type: SRV, TTL: 60}]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      ServiceRegistries: [{RegistryArn: !GetAtt Registry.Arn, Port: 8000}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import absent, assumed, contents, jointly, references, texts
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node

REGISTRY = "AWS::ServiceDiscovery::Service"


@rule(
    "service-registry-port",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report registries whose port ECS refuses."""
    for place in service.node.get("ServiceRegistries"):
        entries = [item for item in place.items() if isinstance(item.raw, dict)]
        if len([item for item in entries if item.when == place.when]) > 1:
            message = f"service `{service.name}` has {len(entries)} service registries, ECS takes one"
            yield Finding(place, message, "Keep one service registry")
        for entry in entries:
            yield from _of_entry(service, entry)


def _of_entry(service: Service, entry: Node) -> Iterator[Finding]:
    ports, pairs = contents(entry, "Port"), contents(entry, "ContainerPort")
    for port, pair in jointly(ports, pairs):
        message = f"service `{service.name}` gives its service registry both Port and ContainerPort"
        yield Finding(port.at, message, "Remove Port or ContainerPort", assumed=assumed(port, pair))
    for registry in references(entry, "RegistryArn", REGISTRY):
        types = _record_types(registry.value.document.properties(registry.value.name))
        if types == {"SRV"} and any(possible(registry.when, when) for when in _portless(service, entry)):
            message = f"service `{service.name}` gives no port to service registry `{registry.value.name}`, of type SRV"
            yield Finding(entry, message, "Set Port in ServiceRegistries", assumed=registry.assumed)
        for pair, _ in jointly(pairs, (registry,)):
            if types and "SRV" not in types:
                kinds = "/".join(sorted(types))
                message = f"service `{service.name}` gives ContainerPort to service registry "
                message += f"`{registry.value.name}`, of type {kinds}"
                fix = "Remove ContainerName and ContainerPort from ServiceRegistries"
                yield Finding(pair.at, message, fix, assumed=assumed(pair, registry))


def _record_types(registry: Node) -> set[str]:
    """The types of a registry's DNS records; empty where some are not known."""
    records = [record for config in registry.get("DnsConfig") for record in config.all_items("DnsRecords")]
    types = [texts(record, "Type") for record in records]
    return {known.value for each in types for known in each} if all(types) else set()


def _portless(service: Service, entry: Node) -> Iterator[When]:
    """The conditions under which tasks with their own network interface are registered without a port."""
    own = [each.when | when for each in service.task_definitions for when in each.value.in_awsvpc]
    for port in absent(entry, "Port"):
        for pair in absent(entry, "ContainerPort"):
            yield from (port | pair | when for when in own + service.on_fargate if possible(port, pair, when))
