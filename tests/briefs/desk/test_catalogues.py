import json
from types import SimpleNamespace

import pytest

from briefs.desk import catalogues
from briefs.display import messages
from briefs.evidence import catalog


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A project of one module, with no translations yet, around a tool that says one thing; returns the module."""
    root, tool = tmp_path / "project", tmp_path / "project" / "tool"
    for folder in (tool, root / "words", root / "notebooks", root / "data"):
        folder.mkdir(parents=True)
    (tool / "page.py").write_text('_("Sources")\n')
    project = SimpleNamespace(
        root=root,
        title="Site",
        package="words",
        notebooks=root / "notebooks",
        data=root / "data",
        locale=root / "locale",
        languages=("en", "ms"),
    )
    monkeypatch.setattr(messages, "LOCALE", tool / "locale")
    monkeypatch.setattr(catalogues, "TOOL", tool)
    monkeypatch.setattr(messages, "TOOL", tool)
    for module in (catalogues, messages):
        monkeypatch.setattr(module, "project", lambda: project)
    return root / "words" / "words.py"


def own():
    """The project's catalogue; the other is the tool's."""
    return catalogues.paths("ms")[0]


def update():
    return catalogues.update(own(), "ms")


def ids(catalogue):
    return [message.id for message in catalogue if message.id]


def translate(**texts):
    known = catalogues.stored(own(), "ms")
    for message in known:
        message.string = texts.get(message.id, message.string)
    catalogues.write(own(), "ms", known)


def test_a_new_catalogue_has_every_message_untranslated(store):
    store.write_text(
        'LABELS = {"a": N_("One"), "b": N_("Two")}\nprint(_("Three"), _(LABELS[key]))\n'
    )
    update()
    found = {message.id: message.string for message in catalogues.stored(own(), "ms")}
    found.pop("")
    assert found == {"One": "", "Two": "", "Three": "", "Site": ""}


def test_the_tool_and_the_project_have_a_catalogue_each_and_share_no_message(store):
    store.write_text('_("One")\n_("Sources")\n')
    mine, tools = catalogues.paths("ms")
    assert (mine.stem, tools.stem) == ("words", "tool")
    assert ids(catalogues.extracted(tools)) == ["Sources"]
    assert set(ids(catalogues.extracted(mine))) == {"One", "Site"}


def test_a_project_elsewhere_leaves_the_tools_catalogue_alone(store, monkeypatch):
    monkeypatch.setattr(catalogues, "TOOL", store.parents[2] / "site-packages" / "tool")
    assert [path.stem for path in catalogues.paths("ms")] == ["words"]


def test_the_file_names_no_line_date_or_machine_and_repeats(store):
    store.write_text('\n\n_("One")\n')
    update()
    first = own().read_text()
    assert "#: words/words.py\n" in first
    for trace in (str(store.parent), "Date", "Babel"):
        assert trace not in first
    store.write_text('\n\n\n\n\n_("One")\n')
    update()
    assert own().read_text() == first


def test_a_changed_sentence_is_fuzzy_and_a_lost_one_obsolete(store):
    before, after = "Prices fall by half in every year", "Prices fall by half in each year"
    store.write_text(f'_("{before}")\n_("Gone")\n_("Never translated")\n')
    update()
    translate(**{before: "Harga turun separuh setiap tahun", "Gone": "Hilang", "Site": "Tapak"})
    store.write_text(f'_("{after}")\n')
    found = update()
    message = found.get(after)
    assert (message.fuzzy, message.string) == (True, "Harga turun separuh setiap tahun")
    assert list(found.obsolete) == ["Gone"]
    assert catalogues.counted(found) == (0, 1)


def test_comments_of_translators_stay(store):
    store.write_text('_("One")\n')
    update()
    own().write_text(own().read_text().replace("#: words", "# as in counting\n#: words"))
    update()
    assert "# as in counting\n#: words/words.py\n" in own().read_text()


def test_texts_of_the_data_are_messages_where_they_lack_the_language(store):
    (store.parents[1] / "data" / "claims.yml").write_text(
        "- id: a\n  statement: {en: One, ms: Satu}\n- notes: [{text: {en: Two}}]\n"
    )
    assert ids(catalogues.extracted(own(), "ms")) == ["Site", "Two"]
    assert ids(catalogues.extracted(own(), "ta")) == ["Site", "One", "Two"]
    assert ids(catalogues.extracted(own())) == ["Site"]


def test_the_command_says_what_is_left_to_do(store, capsys):
    store.write_text('_("One")\n_("Two")\n')
    catalogues.main()
    assert capsys.readouterr().out.splitlines() == [
        "words.po, ms: 3 messages, 3 to translate, 0 to look over, 0 no longer used",
        "tool.po, ms: 1 messages, 1 to translate, 0 to look over, 0 no longer used",
    ]


def test_a_notebook_gives_its_prose_and_what_opens_the_brief(tmp_path):
    cells = [
        {
            "cell_type": "markdown",
            "source": ["# Title\n", "\n", "Words, and\n", "more.\n", "\n", "- item"],
        },
        {
            "cell_type": "code",
            "source": 'p = 1\nfindings.brief(p, "Brief", "What it says", catalog.labels())',
        },
        {"cell_type": "code", "source": 'tables.other("not a message")'},
    ]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    assert [text for text, _comment in catalogues.notebook(path)] == [
        "Title",
        "Words, and\nmore.",
        "item",
        "Brief",
        "What it says",
    ]


def test_the_data_package_gives_what_it_says_and_the_columns_that_are_shown(tmp_path):
    (tmp_path / "a.csv").write_text(
        "id,said,defined,kind\n1,Often; or not,One; two,Press\n2,,Three,Acme\n3,Often; or not,,Press\n",
        "utf-8",
    )
    fields = [
        {"name": "id", "description": "Key."},
        {"name": "said", "unit": "USD", "translate": "whole"},
        {"name": "defined", "description": "Words.", "translate": "first clause"},
        {"name": "kind", "translate": ["Press"]},
    ]
    table = {"name": "a", "path": "a.csv", "title": "A", "schema": {"fields": fields}}
    content = {
        "title": "All",
        "description": "Of it.",
        "licenses": [{"name": "X-1", "title": "Licence X"}],
        "resources": [{**table, "description": "Table."}],
    }
    path = tmp_path / "datapackage.json"
    path.write_text(json.dumps(content))
    found = list(catalogues.datapackage(path))
    assert [text for text, _comment in found] == [
        *("All", "Of it.", "Licence X", "A", "Table.", "Key.", "USD", "Words."),
        *("Often; or not", "One", "Three", "Press"),
    ]
    assert found[-2] == ("Three", "a.defined")


@pytest.fixture(scope="module")
def published():
    """All messages of the real project and of the tool."""
    return [message for path in catalogues.paths("ms") for message in catalogues.extracted(path)]


def test_everything_that_the_pages_look_up_is_extracted(published):
    found = {message.id for message in published}
    assert "How we know" in found  # of the code
    assert "The cost revolution" in found  # of a notebook
    assert "List price of a language model" not in found
    for table in catalog.tables():
        described = catalog.describe(table)
        assert described["description"] in found, table
        assert {field["description"] for field in described["schema"]["fields"]} <= found
    assert set(catalog.load("surveys")["question"]) <= found


def test_messages_are_whole_sentences_without_tricks(published):
    for message in published:
        assert message.id == message.id.strip() or not message.id, message.id
        assert "(s)" not in message.id, message.id
        assert not message.pluralizable
