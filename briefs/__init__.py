"""The tool: claims, evidence and notebooks in; briefs, and a site around them, out.

It knows no article. ``[tool.briefs]`` in a project's ``pyproject.toml`` says where its
notebooks, evidence, parameters and catalogues are. Imports point down this table only.

==============  =====================================================================
part            what it does
==============  =====================================================================
``__main__``    the command ``briefs``
``desk``        what its verbs do: build, check, status, serve, lab, doctor
``site``        the pages around the briefs: home, claims, data, method, feeds
``engine``      which notebooks to run, running them, keeping what they gave
``render``      an executed notebook as one HTML file and as PDF
``display``     what notebooks show: records, figures' style, language
``evidence``    tables as of a date, claims, and the rule between them
``parameters``  the frozen, typed parameters of a notebook
``project``     where the parts of a project are
``console``     what its verbs share: how they print, build, and end
``options``     the words of the command line, and their help
``files``       where a file may be written, and writing it whole or not at all
``characters``  what no page can hold, and what no terminal should be given
``yaml_nodes``  YAML whose parts know their line
``likelihood``  words for probabilities, and the one that decides
``values``      an estimate, a reading, a verdict; units and languages
==============  =====================================================================
"""

import sys

# Where JupyterLab has brought rfc3987-syntax along, jsonschema, and so nbformat, would compile its
# grammar of addresses at each import: three seconds of every command, for a format no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
