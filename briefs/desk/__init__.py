"""What the verbs of the command do, and what keeps the project in order.

================  ===================================================================
module            what it does
================  ===================================================================
``request``       what a command line asks for: where to build, and which reports
``build``         `briefs build`: only what is stale, then the pages around it
``status``        `briefs status`: what is stale and why
``check``         `briefs check`: every breach of a contract
``publishable``   what would stop a build: licences, loose files, dates to come, wordless figures
``forecasts``     what published editions project, stored and compared
``refresh``       `briefs refresh`: look at the upstreams, propose, decide
``impact``        what proposed rows would do to the published numbers
``proposal``      a proposal as a page, and as the text of a pull request
``redate``        the day of the evidence where notebooks repeat it
``edition``       `briefs edition`: freeze, and say what changed
``rules``         that no commit changes rules and evidence at once
``new``           `briefs new`: a project for another article, from the template
``drafts``        `briefs claim import`: claims drafted from fact-checks
``serve``         `briefs serve`: a preview that reloads itself
``again``         builds for that, again and again, from a process in waiting
``ask``           `briefs params --ask`: parameters asked for in the terminal
``jobs``          reports on JupyterLab's page of jobs
``lab``           `briefs lab`: the notebooks in JupyterLab, in a language
``doctor``        `briefs doctor`: what this machine lacks
``publish``       `briefs publish`: a built site copied to where it is read
``catalogues``    ``briefs messages``: the translators' catalogues brought up to date
``translations``  what is wrong with a translation
``cells``         ``make cells``: parameters cells as their models say
``readme``        ``make readme``: the README's table of claims
================  ===================================================================
"""
