"""What the child gives up before it looks at a file: memory, time, files, sockets, new processes, new rights."""

from __future__ import annotations

import contextlib

try:
    import resource
except ModuleNotFoundError:  # Windows has no such limits: the parent's clock is all there is
    resource = None

MORE_MEMORY = 300 * 1024 * 1024  # beyond what the process has with its modules loaded
SECONDS = 10  # of computing
NO_NEW_PRIVILEGES, DUMPABLE = 38, 4  # prctl(2)


def confine() -> None:
    """For good: a process cannot raise its own hard limits again. What is open stays open, nothing else opens."""
    if resource is None:
        return
    _limit("RLIMIT_AS", _memory_now() + MORE_MEMORY)
    _renounce()
    _limit("RLIMIT_CPU", SECONDS)
    for name in ("RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NPROC", "RLIMIT_NOFILE"):
        _limit(name, 0)


def _limit(name: str, most: int) -> None:
    """Where a system does not know a limit, or does not let it be set, the others still hold."""
    with contextlib.suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(getattr(resource, name), (most, most))


def _memory_now() -> int:
    """The address space of this process in bytes."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _renounce() -> None:
    """No rights by running another program, no trace of memory on disk. Only Linux has this."""
    with contextlib.suppress(ImportError, AttributeError, OSError, TypeError):
        import ctypes  # here because not every Python has it

        system = ctypes.CDLL(None)
        system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        system.prctl(DUMPABLE, 0, 0, 0, 0)
