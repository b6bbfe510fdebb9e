"""Markets: claims market-1 to market-9.

=================  ===========================================================
``event_study``    abnormal returns around the day of the news
``chips``          AI chips: what models are trained on, what ships, inference
``cloud``          layers of cloud services: shares by edition, forecasts
``vintages``       what each edition of the cloud forecasts foresaw, and what came
``shift_share``    what became of the layers' shares since, with bounds
``concentration``  concentration of the stock market over a century
``adoption``       use of AI by size of firm, makers of notable models
``derive``         derives three tables from raw files; run by hand
``choices``        the claims' estimates under the choices of their grids
``summary``        the nine claims, judged
``answers``        the nine claims, each in one plain sentence
``findings``       sentences
``figures``        drawings
``tables``         tables
=================  ===========================================================
"""
