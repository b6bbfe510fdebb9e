"""A project of its own for a test: its settings, in a folder that becomes the current one."""

import pytest

SETTINGS = """
[tool.briefs]
title = "A project"
slug = "ai-cost-briefs"
package = "analysis"
parameters = "analysis.params"
locale = "analysis/locale"
"""


@pytest.fixture
def own_project(tmp_path, monkeypatch):
    """Make the folder of the test a project with our parameter models, and work in it."""
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path
