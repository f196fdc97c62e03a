"""ECS's control plane over virtual time: its state, its scheduler, its deployments, and its API.

`state` is what there is; `task_life`, `scheduler` and `rollout` move it; `api` answers ECS's operations from it.
"""
