"""Cells that run again: a notebook's code below a form, with other parameters, its outputs replaced in place.

Front ends have no common way by which a kernel could have them run cells. So what was run is kept
here, and run again in the kernel; what `records` shows then takes the place of what the same cell
showed before (``update_display_data``), in JupyterLab, Notebook and VS Code alike.
"""

import ast
from collections.abc import Collection
from typing import Any

from briefs.display import records


class Cells:
    """The cells of a notebook that ran since this was made, in their order.

    What had run before in the shell, and what sets one of `parameters`, is none of them.
    """

    def __init__(self, shell: Any, parameters: Collection[str]) -> None:
        self._shell, self._parameters = shell, set(parameters)
        self._above = set(shell.user_ns.get("In", ()))
        self._sources: dict[str, str] = {}
        self.session = records.Session()
        records.watch(self.session)
        shell.events.register("pre_run_cell", self._begin)

    def __len__(self) -> int:
        return len(self._sources)

    def close(self) -> None:
        """Note no more cells."""
        self._shell.events.unregister("pre_run_cell", self._begin)

    def _begin(self, info: Any) -> None:
        source = info.raw_cell
        self.session.cell = info.cell_id or source
        if source not in self._above and not self._parameters & _names_set(source):
            self._sources[self.session.cell] = source

    def run(self) -> str:
        """Run all again, until one fails; return the first line of that one, else nothing."""
        self.session.replacing = True
        try:
            for name, source in list(self._sources.items()):
                if not self._shell.run_cell(source, store_history=False, cell_id=name).success:
                    return source.strip().partition("\n")[0]
        finally:
            self.session.replacing = False
        return ""


def _names_set(source: str) -> set[str]:
    """Names that a cell's own statements set."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line in IPython's own language
        return set()
    targets = [t for s in tree.body if isinstance(s, ast.Assign) for t in s.targets]
    targets += [s.target for s in tree.body if isinstance(s, ast.AnnAssign)]
    return {target.id for target in targets if isinstance(target, ast.Name)}
