"""What a kernel without sockets sends, put into the notebook as nbclient would."""

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

    def take(self, what: str, *content: Any) -> str:
        """Take one message of `direct.run`; return its kind, or ``failed`` when a cell did that may not."""
        if what == "language":
            self.nb.metadata["language_info"] = from_dict(content[0])
            return what
        index, *rest = content
        cell = self.nb.cells[index]
        if what == "begun":
            cell.metadata.setdefault("papermill", {})["start_time"] = True
            cell.execution_count, cell.outputs = rest[0], []
            self.clear_before_next_output = False
        elif what == "output":
            self.process_message(_message(*rest), cell, index)
        elif not rest[0] and "raises-exception" not in cell.metadata.get("tags", ()):
            return "failed"
        return what

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Append an output; nbclient would validate what the kernel's own library has just made."""
        kind = msg["msg_type"]
        if kind not in _FIELDS or self.output_hook_stack[msg["parent_header"].get("msg_id")]:
            return super().output(outs, msg, display_id, cell_index)
        if self.clear_before_next_output:
            self.clear_before_next_output = False
            outs[:] = []
            self.clear_display_id_mapping(cell_index)
        if display_id:
            known = self._display_id_map.setdefault(display_id, {})
            known.setdefault(cell_index, []).append(len(outs))
        fields = {name: msg["content"][name] for name in _FIELDS[kind]}
        outs.append(from_dict({"output_type": kind, **fields}))
        return outs[-1]


def _message(kind: str, content: bytes) -> dict[str, Any]:
    return {
        "msg_type": kind,
        "header": {"msg_type": kind},
        "parent_header": {},
        "metadata": {},
        "content": json.loads(content),
        "buffers": [],
    }
