"""Drawing depends on nothing of a user's own, and on no home that can be written."""

import subprocess
import sys

import pytest

CODE = """
from briefs.engine.drawing import settle_drawing
settle_drawing()
import matplotlib as mpl
print(mpl.get_configdir(), mpl.rcParams["font.size"], mpl.get_backend())
"""


@pytest.mark.parametrize("writable", [True, False])
def test_a_user_s_settings_of_matplotlib_do_not_count(own_project, tmp_path, writable):
    if not writable:
        (tmp_path / "reports").write_text("no folder, so nothing can be written there")
    (tmp_path / "rc").write_text("font.size: 30")
    env = {
        "HOME": "/dev/null/nowhere",
        "MPLBACKEND": "nonsense",
        "MATPLOTLIBRC": str(tmp_path / "rc"),
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": ":".join(filter(None, sys.path)), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    folder, size, backend = done.stdout.split()
    assert folder.startswith(str(tmp_path)) and (size, backend.lower()) == ("10.0", "svg")
    assert [path.name for path in tmp_path.glob("briefs-matplotlib-*")] == []
