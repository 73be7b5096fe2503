"""What a run gives up before it reads the learner's code, for good and for every thread.

In order: other descriptors, resources (`setrlimit`), capabilities, new privileges, files and ports (Landlock), and
all system calls but those that computing needs (seccomp). A refused call fails with EPERM.

What stays: whether a path exists, and its size and dates (`os.stat`). Landlock does not guard them, seccomp cannot
read paths, and importing a module of the standard library needs the call. Nothing can be read or listed that way.
"""

import ctypes
import errno
import fcntl
import gc
import os
import resource
import signal
import sys
import sysconfig
import termios
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from quizzes.sandbox import landlock

try:
    import pyseccomp
except (ImportError, RuntimeError, OSError):  # no libseccomp on this machine
    pyseccomp = None

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP = 1, 38, 24
_PACKAGES = {"site-packages", "dist-packages"}
_CAPABILITY_VERSION = 0x20080522
_MAX_CAPABILITY = 63
_OPEN_FILES = 64
CPU_SECONDS = 10
_CALLS = """
read readv write writev pread64 lseek close dup dup2 dup3 fstat stat lstat newfstatat statx
readlink readlinkat access faccessat faccessat2 open openat getdents64 getcwd
mmap munmap mremap mprotect madvise brk futex sched_yield sched_getaffinity getrandom membarrier rseq
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage
getpid getppid gettid getuid geteuid getgid getegid getpgrp uname sysinfo getcpu
rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall
poll ppoll select pselect6 recvfrom recvmsg sendto sendmsg
exit exit_group
""".split()
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process of a run may use. memory: bytes beyond what it holds when it begins."""

    cpu_seconds: int = CPU_SECONDS
    memory: int = 512 * 2**20


def missing() -> str:
    """Why code cannot be confined on this machine, as a sentence; empty where it can."""
    if not sys.platform.startswith("linux"):
        return f"This server runs on {sys.platform}; confining code needs Linux."
    if landlock.abi() < 1:
        return "This server's kernel has no Landlock (Linux 5.13 or newer has it unless it was turned off)."
    if pyseccomp is None:
        return "This server lacks libseccomp (Debian's package libseccomp2)."
    return ""


def readable() -> int:
    """A descriptor of the rules of what a run may read: Python's own library and numpy, and no other package.

    Made once by the process from which runs are forked. Raises OSError.
    """
    return landlock.ruleset(_readable())


def confine(keep: set[int], limits: Limits, rules: int | None) -> None:
    """Confine this process. keep: the descriptors it goes on using. rules: `readable()`, None where the kernel cannot.

    Raises OSError where a part fails; the caller must end the process then.
    """
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _close_all_but(keep if rules is None else keep | {rules})
    os.environ.clear()
    _limit_resources(limits, fully=rules is not None)
    if rules is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _drop_capabilities()
        if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        landlock.restrict(rules)
        os.close(rules)
        _filter_calls()
    gc.enable()


def _close_all_but(keep: set[int]) -> None:
    edges = [2, *sorted(keep), os.sysconf("SC_OPEN_MAX")]
    for low, high in pairwise(edges):
        os.closerange(low + 1, high)


def _limit_resources(limits: Limits, *, fully: bool) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if fully:
        with open("/proc/self/statm", encoding="ascii") as statm:
            held = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (held + limits.memory, held + limits.memory))


def _drop_capabilities() -> None:
    for capability in range(_MAX_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    if _libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")


def _readable() -> list[str]:
    """What is in the folders of Python's library, without those of packages that stand among it, and numpy."""
    numpy = os.path.dirname(np.__file__)
    library = [
        os.path.join(folder, name)
        for folder in library_folders()
        for name in os.listdir(folder)
        if name not in _PACKAGES
    ]
    return [*library, numpy, f"{numpy}.libs"]


def library_folders() -> list[str]:
    """The folders of the standard library, also where Python runs in a virtual environment."""
    base = {"platbase": sys.base_exec_prefix, "installed_platbase": sys.base_exec_prefix}
    return sorted({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib", vars=base)})


def _filter_calls() -> None:
    calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    # Calls by the numbers of another architecture are refused like the others, where the default would kill.
    calls.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.ERRNO(errno.EPERM))
    for name in _CALLS:
        try:
            calls.add_rule(pyseccomp.ALLOW, name)
        except (RuntimeError, OSError, ValueError):  # a call that this architecture never had
            continue
    for command in (fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_DUPFD_CLOEXEC):
        calls.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    for request in (termios.TCGETS, termios.FIOCLEX, termios.FIONREAD):
        calls.add_rule(pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    # Its own limits may be read, nobody's changed.
    calls.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0), pyseccomp.Arg(2, pyseccomp.EQ, 0))
    calls.load()
