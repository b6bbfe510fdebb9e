"""Markets: claims market-1 to market-9.

===================  ===========================================================
``event_study``      abnormal returns around the day of the news
``event_inference``  how unusual they were: other days, tests, recovery
``chips``            AI chips: what models are trained on, what ships, inference
``cloud``            layers of cloud services: shares by edition, forecasts
``shift_share``      what became of the layers' shares since, with bounds
``concentration``    of markets by revenue, of the stock market over a century
``adoption``         use of AI by size of firm, makers of notable models
``derive``           derives two tables from raw files; run by hand
``summary``          the nine claims, judged
``findings``         sentences
``figures``          drawings
``tables``           tables
===================  ===========================================================
"""
