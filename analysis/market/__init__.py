"""Markets: claims market-1 to market-9.

===================  ===========================================================
``event_study``      abnormal returns around the day of the news
``event_inference``  how unusual they were: other days, tests, recovery
``chips``            shares and growth in AI accelerators
``cloud``            layers of cloud services: shares, growth, forecasts
``concentration``    stock-market concentration, entry, small firms
``derive``           derives two tables from raw files; run by hand
``summary``          the nine claims, judged
``findings``         sentences
``figures``          drawings
``tables``           tables
===================  ===========================================================
"""
