"""A service that asks others through Service Connect is made after them.

## Why is this bad?

Tasks see only those names of the namespace that existed when their deployment began: clients that start
before the service which they ask do not find it until they are deployed again, and nothing says so.

Services that offer nothing themselves are certainly clients. Each should depend on the services of its
template that offer something in its namespace.

## Example

```yaml fails
Resources:
  Api:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue ApiTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal, Services: [{PortName: api}]}
  Website:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue WebsiteTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal}
```

```yaml passes
Resources:
  Api:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue ApiTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal, Services: [{PortName: api}]}
  Website:
    Type: AWS::ECS::Service
    DependsOn: Api
    Properties:
      TaskDefinition: !ImportValue WebsiteTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.service import Service
from roadworthy.template.model.service_connect import ServiceConnect, by_namespace, service_connects


@rule(
    "service-connect-start-order",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report clients that may be made before a service that they can ask."""
    for client in service_connects(service):
        late = list(_made_later(client)) if client.is_client_only and service.logical_id else []
        if late:
            names = ", ".join(f"`{each.name}`" for each in late)
            yield Finding(
                at=client.node,
                message=f"service `{service.name}` asks others through Service Connect and may start before {names}",
                fix=f"Add {', '.join(f'`{each.logical_id}`' for each in late)} to its DependsOn",
            )


def _made_later(client: ServiceConnect) -> Iterator[Service]:
    """The services that offer something in the client's namespace and may be made after it."""
    for each in client.service.model.index(by_namespace).get(client.namespace, ()):
        if (
            each.entries
            and not client.service.is_made_after(each.service)
            and possible(each.node.when, client.node.when)
        ):
            yield each.service
