"""The analysis of one article's claims on the cost of AI: what the notebooks call.

====================  ============================================================
``params``            typed parameters of the four notebooks
``uncertainty``       intervals: bootstrap, robust regression, simulation
``cost``              what AI costs: prices, training, scenarios
``market``            shares on the event day, chips, cloud, concentration
``regulation``        decisions and their direction, the era, rivalry
``overview``          every claim of the three, as of two dates
``overview_cards``    what the overview says of them
``overview_figures``  how their verdicts moved, drawn
``locale``            translations of what the notebooks, data and figures say
====================  ============================================================

A theme has its science (data frames in, estimates out), ``figures``, ``tables`` and
``findings`` (what a notebook shows) and ``summary`` (its claims, judged).
"""
