import pytest

from briefs.display import i18n, records


@pytest.fixture(autouse=True)
def english_and_no_sources():
    """Language and named sources are module state: each test starts and ends with none."""
    i18n.activate("en")
    records.name_sources({})
    yield
    i18n.activate("en")
    records.name_sources({})


@pytest.fixture
def published(monkeypatch):
    """What objects publish to the notebook, as (data, metadata)."""
    shown = []
    monkeypatch.setattr(
        records, "publish_display_data", lambda data, metadata=None: shown.append((data, metadata))
    )
    return shown
