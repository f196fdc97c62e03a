"""What `roadworthy new` writes: an entry of `services.toml`, a stack that reads it, and the stack's test.

`names` says what they are called; `entry_text`, `stack_text` and `check_text` what they hold; `plan` refuses what is
wrong before anything is written, and `writing` writes all of it or nothing.
"""

from roadworthy.scaffold.names import ScaffoldError
from roadworthy.scaffold.plan import Plan, plan_service

__all__ = ["Plan", "ScaffoldError", "plan_service"]
