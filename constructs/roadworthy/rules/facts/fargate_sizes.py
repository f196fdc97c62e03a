"""The sizes of tasks that Fargate has.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

# CPU units -> memory in MiB. New sizes are new rows.
SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
    32768: (61440, 122880, 249856),
}
WINDOWS_CPUS = (1024, 2048, 4096)


def smallest_fit(cpu: int, memory: int) -> tuple[int, int] | None:
    """The smallest size with at least this CPU and memory; None when there is none."""
    fitting = [(units, size) for units, sizes in SIZES.items() if units >= cpu for size in sizes if size >= memory]
    return min(fitting, default=None)
