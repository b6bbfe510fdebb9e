"""What is shown: figures, tables, sentences and verdicts, in the language of the reader.

==============  =====================================================================
module          what it holds
==============  =====================================================================
``records``     a figure, a table, a card: shows itself, and leaves its record
``findings``    front matter, findings, verdicts and sources of a brief
``style``       colours, sizes and the drawing as SVG
``charts``      parts that several figures share
``marks``       what a mark of a drawing says to a pointer or a screen reader
``i18n``        messages, numbers, dates and estimates in a language
``messages``    the catalogues of messages, compiled, and the pseudo-language
``likelihood``  the words of uncertainty, from a probability or a pair of grades
==============  =====================================================================
"""
