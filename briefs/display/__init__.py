"""What is shown: figures, tables, sentences and verdicts, in the language of the reader.

==================  ==========================================================================
module              what it is for
==================  ==========================================================================
``records``         what a cell's output holds of a figure, a table, a finding, a verdict
``findings``        the cards of a brief: title, findings, verdicts, sources
``forecasts``       the record of forecasts: coverage, misses, what was published
``tried``           what other choices make of a claim, as its record holds it
``grids``           combinations of choices for a reader to try
``charts``          shapes that figures share, and the figure around a drawing
``axes``            axes of charts and the labels in them
``marks``           what a mark of a chart says to a reader who points at it
``style``           colours, sizes, and the drawing as SVG
``estimates``       estimates in words
``lab``             HTML for JupyterLab: tables, drawings, values by themselves
``forms``           a form of the parameters, which runs a notebook's cells again
``rerun``           cells that run again, their outputs replaced in place
``widgets``         the widgets of a form
``nearest``         the right value nearest to a wrong one
``parameter_text``  what a cell, a form or a terminal says of parameters
``likelihood``      words of uncertainty
``i18n``            numbers, dates and messages in the active language
``messages``        translations, read from the catalogues
==================  ==========================================================================
"""
