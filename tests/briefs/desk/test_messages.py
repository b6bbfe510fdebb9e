import pytest

from briefs.desk import messages
from briefs.display import messages as catalogue


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty place for catalogues, and a project with one module."""
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path / "locale")
    project = tmp_path / "project"
    (project / "analysis").mkdir(parents=True)
    (project / ".venv" / "analysis").mkdir(parents=True)
    (project / ".venv" / "analysis" / "x.py").write_text('_("not ours")\n')
    (project / "babel.cfg").write_text("[python: analysis/**.py]\n")
    monkeypatch.setattr(messages, "project_root", lambda: project)
    return project / "analysis" / "words.py"


def translate(**texts):
    known = messages.stored("ms")
    for message in known:
        if message.id in texts.values() or message.id in texts:
            message.string = texts[message.id]
    messages.write("ms", known)


def test_a_new_catalogue_has_every_message_untranslated(store):
    store.write_text(
        'LABELS = {"a": N_("One"), "b": N_("Two")}\nprint(_("Three"), _(LABELS[key]))\n'
    )
    messages.update("ms")
    assert [(m.id, m.string) for m in messages.stored("ms") if m.id] == [
        ("One", ""),
        ("Two", ""),
        ("Three", ""),
    ]


def test_the_file_names_no_line_date_or_machine_and_repeats(store):
    store.write_text('\n\n_("One")\n')
    messages.update("ms")
    first = catalogue.source("ms").read_text()
    assert "#: analysis/words.py\n" in first
    for trace in (str(store.parent), "Date", "Babel"):
        assert trace not in first
    store.write_text('\n\n\n\n\n_("One")\n')
    messages.update("ms")
    assert catalogue.source("ms").read_text() == first


def test_a_changed_sentence_is_fuzzy_and_a_lost_one_obsolete(store):
    store.write_text('_("Prices fall by half in every year")\n_("Gone")\n_("Never translated")\n')
    messages.update("ms")
    translate(
        **{
            "Prices fall by half in every year": "Harga turun separuh setiap tahun",
            "Gone": "Hilang",
        }
    )
    store.write_text('_("Prices fall by half in each year")\n')
    found = messages.update("ms")
    (message,) = (m for m in found if m.id)
    assert (message.fuzzy, message.string) == (True, "Harga turun separuh setiap tahun")
    assert list(found.obsolete) == ["Gone"]
    assert messages.counted(found) == (0, 1)


def test_comments_of_translators_stay(store):
    store.write_text('_("One")\n')
    messages.update("ms")
    path = catalogue.source("ms")
    path.write_text(path.read_text().replace("#: analysis", "# as in counting\n#: analysis"))
    messages.update("ms")
    assert "# as in counting\n#: analysis/words.py\n" in path.read_text()


def test_texts_of_the_data_are_messages_where_they_lack_the_language(store):
    data = store.parents[1] / "data"
    data.mkdir()
    (data / "claims.yml").write_text(
        "- id: a\n  statement: {en: One, ms: Satu}\n- notes: [{text: {en: Two}}]\n"
    )
    assert [m.id for m in messages.extracted("ms") if m.id] == ["Two"]
    assert [m.id for m in messages.extracted("ta") if m.id] == ["One", "Two"]
    assert [m.id for m in messages.extracted() if m.id] == []


def test_the_command_says_what_is_left_to_do(store, capsys):
    store.write_text('_("One")\n_("Two")\n')
    messages.main()
    assert (
        capsys.readouterr().out
        == "ms: 2 messages, 2 to translate, 0 to look over, 0 no longer used\n"
    )
