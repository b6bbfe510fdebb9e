"""Executing notebooks. All that the rest of the tool needs is named here.

=============  =====================================================================
``execution``  runs a notebook one way or the other; injection, tidying
``ordinary``   a kernel that Jupyter starts, with a folder of its own
``forked``     runs a notebook in a fork of the warm process, from outside
``warm``       the warm process: everything is imported, and it does nothing but fork
``direct``     in the fork: IPython runs the cells, without sockets
``outputs``    puts what ``direct`` sends into the notebook
``common``     limits, environment and ends of every kernel
=============  =====================================================================
"""

from briefs.engine.kernels.common import NO_LIMITS, KernelDied, Limits, TimedOut, late
from briefs.engine.kernels.execution import INJECTED, configure, execute, inject, tidy
from briefs.engine.kernels.forked import WarmProcess, WarmProcessError, inherit
from briefs.engine.kernels.ordinary import PID

__all__ = [
    "INJECTED",
    "NO_LIMITS",
    "PID",
    "KernelDied",
    "Limits",
    "TimedOut",
    "WarmProcess",
    "WarmProcessError",
    "configure",
    "execute",
    "inherit",
    "inject",
    "late",
    "tidy",
]
