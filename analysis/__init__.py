"""Evidence briefs on the AI cost revolution.

The map, from the ground up; imports point down only:

====================  ==========================================================
``values params``     shared values; one typed parameter model per notebook
``evidence``          tables with a contract, claims with their decision rules
``uncertainty``       intervals
``cost price_tests training scenarios``
                      science of costs: DataFrames in, DataFrames and estimates out
``display``           figures, tables and findings, each with its record
``notebooks/``        the only place where the three meet
``publish``           runs notebooks, renders HTML and PDF
``__main__``          the ``briefs`` command
====================  ==========================================================
"""
