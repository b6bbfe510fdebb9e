"""One kernel for one run: started in time or ahead of it, limited, and gone without a trace."""

import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from briefs.engine.kernels import configure, execute
from briefs.engine.kernels.common import KernelDied, Limits, TimedOut


@pytest.fixture
def folder(monkeypatch):
    """Folder for all temporary files, with a short name so that sockets fit."""
    with tempfile.TemporaryDirectory(prefix="b-") as made:
        monkeypatch.setattr(tempfile, "tempdir", made)
        yield Path(made)
        configure(Limits())
        assert list(Path(made).iterdir()) == []


def notebook(*sources):
    cells = [new_code_cell(source) for source in sources]
    return nbformat.from_dict(new_notebook(cells=cells, metadata={"papermill": {}}))


def text(nb):
    return "".join(
        output.get("text", "") for cell in nb.cells for output in cell.get("outputs", ())
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there are no Unix sockets")
def test_a_kernel_talks_through_sockets_in_a_folder_of_its_own(folder, tmp_path):
    look = "import os; print(sorted(name[:8] for name in os.listdir(os.environ['TMPDIR'])), os.getcwd())"
    nb = execute(notebook(look), tmp_path)
    listed, cwd = text(nb).rsplit(" ", 1)
    assert cwd.strip() == str(tmp_path)
    assert listed.count("kernel-i") == 5 and "kernel.l" in listed  # five sockets and the log
    assert list(folder.iterdir()) == []


def test_output_of_the_first_cell_is_never_missed(folder, tmp_path):
    """The kernel is ready when its broadcast arrives, not merely when it answers."""
    for n in range(3):
        assert text(execute(notebook(f"print({n})"), tmp_path)) == f"{n}\n"


def test_the_time_is_that_of_the_whole_notebook(folder, tmp_path):
    """nbclient counts per cell, which none of these would exceed."""
    configure(Limits(timeout=6))
    nb = notebook(*["import time; time.sleep(2.5)"] * 8)
    start = time.monotonic()
    with pytest.raises(TimedOut, match=r"^not done after 6 seconds$"):
        execute(nb, tmp_path)
    assert time.monotonic() - start < 15
    begun = [cell.metadata.papermill.start_time is not None for cell in nb.cells]
    assert begun[0] and not begun[-1]


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux sets the limit of another process"
)
def test_an_ordinary_kernel_has_its_memory_limited(folder, tmp_path):
    configure(Limits(memory=2**30))
    nb = execute(
        notebook("few = bytearray(2**20)", "many = bytearray(2**31)", "print('never')"), tmp_path
    )
    assert [output.ename for output in nb.cells[1].outputs] == ["MemoryError"]
    assert nb.cells[2].outputs == []


def test_what_the_kernel_said_last_is_kept(folder, tmp_path):
    with pytest.raises(KernelDied, match=r"died: out of order$"):
        execute(
            notebook(
                "import os\nwith open(os.environ['TMPDIR'] + '/kernel.log', 'a') as log:\n"
                "    log.write('first\\nout of order\\n')\nos._exit(1)"
            ),
            tmp_path,
        )
