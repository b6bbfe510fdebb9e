"""Reports made on other machines.

========  =====================================================================
``dask``  hands jobs to a Dask scheduler and publishes what its workers make
========  =====================================================================
"""
