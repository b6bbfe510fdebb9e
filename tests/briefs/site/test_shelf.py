from briefs.site.shelf import Outline, Shelf, texts


def test_the_shelf_sorts_briefs_editions_and_earlier_dates(made):
    shelf = Shelf.read(made)
    assert shelf.languages == ("en", "ms")
    assert [b.place for b in shelf.front("ms")] == ["ms/cost-revolution", "ms/market-impact"]
    assert [b.place for b in shelf.edition("en", "2026-11")] == [
        "en/cost-revolution/2026-11",
        "en/market-impact/2026-11",
    ]
    assert {date: [b.report for b in briefs] for date, briefs in shelf.earlier("en").items()} == {
        "2025-12-31": ["cost-revolution", "market-impact"],
        "2025-02-01": ["cost-revolution", "market-impact"],
    }


def test_the_history_of_a_claim_runs_over_the_dates_once_each(made):
    shelf = Shelf.read(made)
    moments = shelf.history(shelf.front("en")[0], "cost-4")
    assert [(b.place, c["verdict"]) for b, c in moments] == [
        ("en/cost-revolution/as-of-2025-02-01", "unresolved"),
        ("en/cost-revolution/as-of-2025-12-31", "unresolved"),
        ("en/cost-revolution", "supported"),
    ]


def test_a_set_with_other_parameters_is_no_part_of_the_history(maker, tmp_path):
    maker.put(tmp_path)
    maker.put(
        tmp_path,
        name="strict",
        as_of="2025-06-30",
        parameters={"language": "en", "as_of": "2025-06-30", "level": 0.99},
    )
    shelf = Shelf.read(tmp_path)
    assert [b.as_of for b, _ in shelf.history(shelf.front("en")[0], "cost-4")] == ["2026-11-23"]
    assert shelf.earlier("en") == {}
    assert [b.place for b in shelf.others("en")] == ["en/cost-revolution/strict"]


def test_the_outline_knows_sections_their_text_and_what_they_hold():
    outline = Outline.of("""<section aria-labelledby="one"><h2 id="one">One &amp; all
      <a class="anchor" href="#one">#</a></h2><p>First <em>words</em>.</p>
      <p id="finding-x">Found.</p><figure id="fig-a"><svg><text>no</text></svg>
      <p>caption</p></figure><div class="table" id="tab-b"></div><p>Last.</p></section>
      <section aria-labelledby="two"><h2 id="two">Two</h2><article id="cost-1">judged</article></section>
      <section aria-labelledby="key-findings:title"><h2>Key</h2></section>""")
    assert [(s.id, s.title, s.text) for s in texts(outline)] == [
        ("one", "One & all", "First words. Found. Last."),
        ("two", "Two", ""),
    ]
    assert (
        outline.holding("fig-a").id
        == outline.holding("tab-b").id
        == outline.holding("finding-x").id
        == "one"
    )
    assert outline.holding("cost-1").id == "two"
    assert outline.holding("cost-2") is None
