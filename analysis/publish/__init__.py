"""Publishing: an executed notebook becomes one HTML file, one PDF and ``results.json``.

====================  ==========================================================
``cells``             reads an executed notebook: its records, or why not to publish
``sanitize``          HTML of a cell reduced to what may stand in a page
``markdown``          markdown cells to a small tree that both templates walk
``svg``               drawings made safe for a page without inline styles
``wording``           sentences and words that the page adds around the records
``document``          all of it put in the reader's order, as one plain dictionary
``address``           where pages stand, and the links between them
``editions``          what was published when, what was corrected, that it stays so
``frame``             edition, notice, permalink and links around a brief
``metadata``          what a page tells machines: previews, structured data
``results``           the records of a run for machines: ``results.json``, CSV
``exporters``         the document through a Jinja template, and through Typst
``card``              the picture that goes with a link to a brief
``plan``              from a request to jobs; finds all that is wrong with it
``notebooks``         reads a stored notebook and holds it to its contract
``kernels``           executes one in a kernel of this interpreter
``template``          a process with everything imported, to fork kernels and workers from
``forked``            the line to it, and the kernels that fork from it
``engine``            many reports at once, none of which can take others with it
``runner``            one job, one report: execute, render, put in place
``provenance``        commit, hashes and versions behind a report
``staging``           writes aside, then renames: never half a page
``site``              the index around the briefs, and the build report
====================  ==========================================================
"""
