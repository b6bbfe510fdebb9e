"""What a kernel without sockets says, put into the notebook as nbclient would."""

import json
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode, from_dict

_FIELDS = {
    "execute_result": ("metadata", "data", "execution_count"),
    "display_data": ("metadata", "data"),
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
}


class Outputs(NotebookClient):
    """nbclient's handling of messages, without its kernel."""

    def __init__(self, nb: NotebookNode) -> None:
        super().__init__(nb)
        self.reset_execution_trackers()

    def take(self, what: str, *said: Any) -> str:
        """Take one thing that `direct.run` told; return it, or ``failed`` when a cell did that may not."""
        if what == "language":
            self.nb.metadata["language_info"] = from_dict(said[0])
            return what
        index, *said = said
        cell = self.nb.cells[index]
        if what == "begun":
            cell.metadata.setdefault("papermill", {})["start_time"] = True
            cell.execution_count, cell.outputs = said[0], []
            self.clear_before_next_output = False
        elif what == "said":
            kind, content = said
            self.process_message(
                {
                    "msg_type": kind,
                    "header": {"msg_type": kind},
                    "parent_header": {},
                    "metadata": {},
                    "content": json.loads(content),
                    "buffers": [],
                },
                cell,
                index,
            )
        elif not said[0] and "raises-exception" not in cell.metadata.get("tags", ()):
            return "failed"
        return what

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Append an output; nbclient would validate what the kernel's own library has just made."""
        kind = msg["msg_type"]
        if kind not in _FIELDS or self.output_hook_stack[None]:
            return super().output(outs, msg, display_id, cell_index)
        if self.clear_before_next_output:
            self.clear_before_next_output = False
            outs[:] = []
            self.clear_display_id_mapping(cell_index)
        if display_id:
            self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(
                len(outs)
            )
        outs.append(
            from_dict(
                {"output_type": kind, **{name: msg["content"][name] for name in _FIELDS[kind]}}
            )
        )
        return outs[-1]
