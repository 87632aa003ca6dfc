"""Gongyue 工约: the open platform on which employers and workers conclude labour contracts."""

import gc

# Classes by the thousand are made while modules load, and stay: the garbage collector took a third of every start.
# Later, too, it has little to find: memory is the same with it.
gc.set_threshold(10_000, 20, 100)
