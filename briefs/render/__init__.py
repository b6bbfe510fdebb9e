"""From an executed notebook to what readers open: one HTML file, one PDF, data.

================  =========================================================================
module            what it is for
================  =========================================================================
``cells``         what a notebook publishes, cell by cell, or why it can't be published
``document``      the brief as a whole, in the reader's order
``blocks``        the types of its parts
``claim_blocks``  the types of what they say of claims and sources
``make_blocks``   a part of each record
``choices``       the types of what a reader can try
``whatif``        made from grids and from the claims' other choices
``markdown``      prose: parsed once, translated on the way
``svg``           drawings, reduced to what may stand in a page
``pictures``      charts as files of their own
``claims_chart``  the chart of all claims: places on its scales, in numbers and words
``wording``       sentences that pages share
``about``         what a project says of itself, and on what trust in a page can rest
``glossary``      the first use of each term on a page, and what it means
``frame``         what stands around a brief: edition, dates, links
``changes``       what an edition changed, and how its brief is kept up to date
``editions``      the log of editions, and that they stay as they were
``metadata``      what search engines and previews read
``address``       where pages stand, and links between them
``html``          the page
``policy``        what a page may run, and whether a file of a cache could run more
``pdf``           the paper, and the picture that goes with a link
``pdf_tags``      headings of rows, captions and names of links in it
``exporters``     both for nbconvert
``results``       ``results.json``, the CSV files, the outline of the page
================  =========================================================================
"""
