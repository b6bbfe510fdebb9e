"""Evidence briefs on the AI cost revolution.

The map, from the ground up; imports point down only:

====================  ==========================================================
``values params``     shared values; one typed parameter model per notebook
``evidence``          tables with a contract, claims with their decision rules
``uncertainty``       intervals
``cost price_levels price_tests training scenarios``
                      science of costs: DataFrames in, DataFrames and estimates out
``event_study event_tests market market_chips market_cloud``
                      science of markets
``regulation regulation_direction regulation_era regulation_rivalry``
                      science of regulation
``display``           figures, tables and findings, each with its record
``notebooks/``        the only place where the three meet
``overview``          runs what the notebooks compute, for the overview
``publish``           runs notebooks, renders HTML and PDF
``__main__``          the ``briefs`` command
====================  ==========================================================
"""
