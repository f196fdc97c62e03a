"""All verbs: what `roadworthy --help` says of each, and the module that does it.

This file imports nothing, so that the overview costs no more than starting Python; a verb's module has
`configure(parser)` and `run(args) -> exit code`, and is imported when the verb is asked for.
"""

# Heading -> verb -> its module in this package, and its line of help.
GROUPS = {
    "check": {
        "check": ("check", "check templates, cdk.out folders and task definitions for what breaks deployments"),
        "rules": ("rules", "list all rules with their severity and what they want"),
        "explain": ("explain", "show why a rule exists, an example that fails and one that passes"),
    },
    "build": {
        "new": ("new", "add a service to services.toml, with a stack that synthesizes and its test"),
        "synth": ("synth", "synthesize a CDK app and check it, in a fraction of `cdk synth`'s time"),
        "local": ("local", "run the query service on an embedded AWS on loopback: no account, no Docker"),
    },
    "operate": {
        "list": ("operate.list", "list the services of an environment: tasks, deployment, image, age"),
        "status": ("operate.status", "show a service's deployments, tasks, targets and last events"),
        "watch": ("operate.watch", "follow the deployment that goes on, or tell how the last one ended"),
        "logs": ("operate.logs", "show the logs of a service's tasks, oldest first"),
        "events": ("operate.events", "show a service's events, oldest first"),
        "diagnose": ("operate.diagnose", "find out what is wrong with a service, what explains it, and what to do"),
        "restart": ("operate.restart", "start a new deployment of what runs, follow it, and say how it ended"),
        "deploy": ("operate.deploy", "check, roll out another image, follow it, and say how it ended"),
        "rollout": ("operate.rollout", "roll a new version out next to the old one, in six steps"),
        "rolling-update": ("operate.rolling_update", "the same six steps for a service on one Docker host"),
        "rollback": ("operate.rollback", "stop the deployment that goes on, or go back to what succeeded before"),
        "stop-task": ("operate.stop_task", "stop tasks of a service; ECS starts others in their place"),
        "history": ("operate.history", "list a service's deployments of the last 90 days, newest first"),
        "show": ("operate.show", "show a recorded deployment with its statuses, services and log"),
    },
    "more": {
        "permissions": ("operate.permissions", "print the smallest IAM policy with which verbs work on a service"),
        "exit-codes": ("exit_codes_verb", "list the exit codes and what each of them says"),
    },
}
VERBS = {name: f"roadworthy.cli.{module}" for group in GROUPS.values() for name, (module, _) in group.items()}
HELP = {name: line for group in GROUPS.values() for name, (_, line) in group.items()}
