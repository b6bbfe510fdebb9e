"""What holds for matplotlib in all processes of a build; light, so that it can be settled first."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from briefs.project import project


def settle_drawing() -> None:
    """Leave out what a user's settings say to matplotlib, here and in all that starts from here.

    Pages must not depend on the machine, and there may be no home that can be written. What it finds
    out about fonts is kept in a folder of ours, in a temporary one where that can't be written.
    """
    folder = project().reports / ".matplotlib"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="briefs-matplotlib-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(MPLCONFIGDIR=str(folder), MATPLOTLIBRC="", MPLBACKEND="svg")
