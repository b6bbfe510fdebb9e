"""The engine: from what was asked for to published reports, making only what is stale.

=================  ==============================================================
``plan``           jobs and results; reading and checking what was asked for
``matrix``         jobs of many sets of parameters, from a file
``rows``           reading such a file, in YAML or CSV
``notebooks``      stored notebooks and the contract they keep
``provenance``     hashes of everything that reports are made from
``freshness``      whether a report must be built, and why
``cache``          executed notebooks and pages, by what they were made from
``pool``           many jobs at once in worker processes
``runner``         one job: execute, render, publish
``staging``        writing a report's folder so that no reader sees half of it
``build_report``   ``build.json``, what the last build did
``drawing``        what holds for matplotlib in all processes of a build
``progress``       what a build shows on the terminal
``kernels``        executing a notebook
``remote``         reports made on other machines
=================  ==============================================================

It draws on ``render``, and knows nothing of ``site`` and ``desk``.
"""
