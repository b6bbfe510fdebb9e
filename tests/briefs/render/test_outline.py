import json

from briefs.render import document, results


def test_the_outline_has_the_sections_with_their_words_and_what_they_show(notebook):
    made = document.build(notebook)
    found = json.loads(results.outline(made))
    assert found["canonical"] == made.head["canonical"]
    sections = {section["id"]: section for section in found["sections"]}
    assert list(sections) == [name for name, _title in made.contents]
    held = [name for section in sections.values() for name in section["holds"]]
    assert set(held) >= {verdict.id for verdict in made.verdicts}
    assert len(held) == len(set(held))


def test_the_words_are_running_text_alone(sample):
    cells = sample.cells()
    text = (
        "## Words here\n\nFirst *one*,\nthen two.[^a]\n\n- an item\n- another\n\n"
        "| a | b |\n|---|---|\n| cell | 9 |\n\n[^a]: Said in passing."
    )
    cells.insert(-2, sample.markdown(text))
    found = json.loads(results.outline(document.build(sample.read(cells))))
    texts = {section["title"]: section["text"] for section in found["sections"]}
    assert texts["Words here"] == "First one, then two. an item another"
    assert "Said in passing." in texts["Notes"]
