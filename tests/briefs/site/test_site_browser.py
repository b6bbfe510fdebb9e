"""The site in a real browser: from a disk and below a path, with the keyboard, for every eye."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = pytest.mark.browser

KINDS = (
    "index.html",
    "404.html",
    "en/index.html",
    "en/claims/cost-4/index.html",
    "ms/claims/market-9/index.html",
    "en/data/index.html",
    "en/data/model-prices/index.html",
    "en/glossary/index.html",
    "ms/method/index.html",
    "en/record/index.html",
    "ms/record/index.html",
)


@pytest.fixture
def opened(open_page):
    return open_page


@pytest.fixture
def each_kind(opened, made):
    """Lead one page through every kind of page; each forgets what the last one asked for and said."""

    def each_kind(width, scheme="light", **options):
        page = opened("about:blank", width, scheme, **options)
        for kind in KINDS:
            page.set_viewport_size({"width": width, "height": 800})
            page.heard.clear()
            page.goto((made / kind).as_uri())
            yield kind, page

    return each_kind


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(360, "dark", marks=pytest.mark.slow),
        pytest.param(1280, "light", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_on_any_page(each_kind, width, scheme):
    for kind, page in each_kind(width, scheme, axe=True):
        assert page.axe() == [], kind


def test_pages_ask_for_nothing_and_fit(each_kind, made):
    for kind, page in each_kind(1280):
        for width in (1280, 360, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (kind, width)
        assert page.heard == [("request", (made / kind).as_uri())], kind


def test_targets_are_large_enough(each_kind):
    """Links apart from running text, and all controls, are 24 px high or more (WCAG 2.5.8)."""
    for kind, page in each_kind(360):
        small = page.evaluate("""() => [...document.querySelectorAll('a, button, summary, input')].filter(e => {
            const box = e.getBoundingClientRect(), parent = e.parentElement;
            const inline = [...parent.childNodes].some(n => n.nodeType === 3 && n.data.trim().length > 3)
              || e.closest('p, dd, th, td, caption');
            return box.width && box.height < 24 && !inline && !e.closest('.skip');
          }).map(e => e.outerHTML.slice(0, 90))""")
        assert small == [], kind


def test_text_of_a_chart_is_never_small(opened, made):
    page = opened((made / "en/claims/cost-4/index.html").as_uri(), 360)
    sizes = page.locator(".moved .chart text").evaluate_all(
        "texts => texts.map(t => t.getBoundingClientRect().height && parseFloat(getComputedStyle(t).fontSize)"
        " * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width)"
    )
    assert len(sizes) > 4 and min(sizes) >= 11.99


def test_a_chart_says_its_values_to_a_pointer_and_to_keys(opened, made):
    page = opened((made / "en/claims/cost-4/index.html").as_uri())
    chart = page.locator(".moved .chart").first
    slider = chart.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    said = "23 November 2026: Supported, 89.3% a year (90% interval: 80.0% to 90.0%)"
    assert chart.locator(".tip").inner_text() == said
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "1 February 2025: Untested"
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.98, box["y"] + box["height"] * 0.2)
    assert chart.locator(".tip").inner_text() == said
    assert [text for kind, text in page.heard if kind != "request"] == []


def test_all_claims_show_without_script(opened, made):
    page = opened((made / "en/index.html").as_uri(), java_script_enabled=False)
    assert page.locator("#board > li:visible").count() == 4
    assert not page.locator("#filters").is_visible()
    assert not page.locator("#search").is_visible()


def shown(page):
    return page.locator("#board > li:visible").count()


def test_filters_work_by_keyboard_and_live_in_the_address(opened, made):
    page = opened((made / "en/index.html").as_uri())
    assert page.locator("#filtered").inner_text() == "4 of 4 claims shown"
    button = page.locator("#filters button", has_text="Market impact")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert shown(page) == 3 and page.url.endswith("#theme=market-impact")
    page.locator('#filters button[value="contradicted"]').focus()
    page.keyboard.press("Space")
    assert shown(page) == 1 and page.url.endswith("#theme=market-impact&verdict=contradicted")
    assert page.locator("#filtered").inner_text() == "1 of 4 claims shown"
    again = opened(page.url)  # what was sent to somebody else
    assert shown(again) == 1
    assert again.locator('#filters button[aria-pressed="true"]').count() == 2
    for group in ("theme", "verdict"):
        again.locator(f'#filters button[data-group="{group}"][value=""]').click()
    assert shown(again) == 4 and "#" not in again.url


def counts(page, group):
    return page.locator(f'#filters button[data-group="{group}"] .quiet').all_inner_texts()


def test_filters_say_what_each_would_leave_and_can_be_undone_at_once(opened, made):
    page = opened((made / "en/index.html").as_uri())
    every = page.get_by_role("button", name="Show all")
    assert not every.is_visible()
    assert counts(page, "theme") == ["4", "1", "3"]
    page.locator('#filters button[value="contradicted"]').click()
    assert counts(page, "theme") == ["1", "0", "1"]
    page.locator("#filters button", has_text="cost revolution").click()
    assert shown(page) == 0 and counts(page, "verdict")[0] == "1"
    every.click()
    assert shown(page) == 4 and "#" not in page.url and not every.is_visible()
    assert page.evaluate("document.activeElement.textContent").startswith("All")


def test_the_link_to_the_claims_shows_them_all(opened, made):
    page = opened((made / "en/index.html").as_uri() + "#theme=market-impact")
    assert shown(page) == 3
    page.get_by_role("link", name="Claims", exact=True).click()
    assert shown(page) == 4
    page = opened((made / "en/index.html").as_uri() + "#theme=market-impact")
    page.evaluate("location.hash = 'editions'")  # a link within the page undoes nothing
    assert shown(page) == 3


def test_nothing_moves_when_the_script_has_come(opened, made, tmp_path):
    def tops(path):
        page = opened(path.as_uri(), 360)
        parts = ("#search", "#briefs", "#filters", "#board", "#editions")
        return [page.locator(part).bounding_box()["y"] for part in parts]

    text = (made / "en/index.html").read_text("utf-8")
    start = text.rindex("<script>")
    bare = tmp_path / "bare.html"
    bare.write_text(text[:start] + text[text.index("</script>", start) :], encoding="utf-8")
    assert tops(bare) == tops(made / "en/index.html")


def test_a_chosen_filter_is_seen_in_forced_colours(opened, made):
    page = opened((made / "en/index.html").as_uri())
    page.emulate_media(forced_colors="active")
    colours = (
        """e => [getComputedStyle(e).backgroundColor, getComputedStyle(e.lastElementChild).color]"""
    )
    chosen = page.locator('#filters button[value=""]').first.evaluate(colours)
    other = page.locator('#filters button[value="contradicted"]').evaluate(colours)
    page.emulate_media(forced_colors="none")
    assert chosen[0] != other[0] and chosen[1] != other[1]
    assert chosen[0] != chosen[1]


def test_no_number_of_a_table_is_cut_on_a_phone_without_a_cue(each_kind):
    for kind, page in each_kind(360):
        assert page.clipped() == [], kind


def texts(page, selector):
    return page.locator(selector).all_inner_texts()


def test_rows_are_filtered_sorted_and_turned(opened, made):
    page = opened((made / "en/data/event-returns/index.html").as_uri())
    told = page.locator("#rows-told")
    assert told.inner_text() == "Rows 1 to 100 of 20,983"
    page.get_by_role("button", name="Next rows").click()
    page.wait_for_function("document.querySelector('#rows-told').textContent.includes('101')")
    page.locator("#rows-query").fill("nvda 2025-01-2")
    page.wait_for_function("document.querySelectorAll('.rows tbody tr').length < 10")
    days = texts(page, ".rows tbody td:nth-child(3)")
    assert days == sorted(days) and "2025-01-27" in days
    assert not page.get_by_role("button", name="Next rows").is_visible()
    head = page.locator(".rows thead th", has_text="return")
    head.get_by_role("button").press("Enter")
    page.wait_for_function("document.querySelector('[aria-sort=ascending]')")
    assert texts(page, ".rows tbody td:nth-child(3)")[0] == "2025-01-27"  # the deepest fall
    page.locator("#rows-query").fill("nowhere at all")
    page.wait_for_function("!document.querySelector('.rows tbody tr')")
    assert told.inner_text() == "No row holds “nowhere at all”."
    assert [text for kind, text in page.heard if kind != "request"] == []


def test_a_row_beyond_the_first_is_reached_by_its_address(opened, made):
    page = opened((made / "en/data/event-returns/index.html").as_uri() + "#row-NVDA~2025-01-27")
    row = page.locator("tr.chosen")
    row.wait_for()
    assert "-0.169682" in row.inner_text()
    box = row.bounding_box()
    assert 0 <= box["y"] < 800
    assert len(page.heard) == 1  # nothing was fetched


def test_rows_are_there_without_script(opened, made):
    page = opened((made / "en/data/model-prices/index.html").as_uri(), java_script_enabled=False)
    assert page.locator(".rows tbody tr:visible").count() == 100
    assert not page.locator("#filter").is_visible()
    assert page.get_by_text("The first 100 of").is_visible()


def test_a_claim_compares_two_dates_and_keeps_them_in_the_address(opened, made):
    page = opened((made / "en/claims/cost-4/index.html").as_uri())
    cells = texts(page, "#compare tr:nth-child(1) td")
    assert cells == ["1 February 2025", "23 November 2026"]
    page.locator("#compare [name=then]").select_option("2025-12-31")
    assert page.url.endswith("#then=2025-12-31&now=2026-11-23")
    assert (
        page.locator("#changed")
        .inner_text()
        .startswith(
            "The verdict went from “Unresolved, too imprecise” to “Supported”. The estimate moved from 70.0% a year"
        )
    )
    page.locator("#compare [name=now]").select_option("2025-02-01")  # the earlier stays first
    assert page.url.endswith("#then=2025-02-01&now=2025-12-31")
    again = opened(page.url)
    assert texts(again, "#compare tr:nth-child(1) td") == ["1 February 2025", "31 December 2025"]
    still = opened((made / "en/claims/cost-4/index.html").as_uri(), java_script_enabled=False)
    assert not still.locator("#compare").is_visible()
    assert still.locator(".history tbody tr:visible").count() == 3


def test_a_claim_lets_a_reader_try_other_choices_by_keyboard(opened, made):
    page = opened((made / "en/claims/cost-4/index.html").as_uri())
    told = page.locator(".whatif .told")
    assert told.inner_text().split("\n") == [
        "Supported 5 of 12",
        "Quantity frontier_price: 89.3% a year (90% interval: 80.0% to 90.0%).",
    ]
    page.locator(".whatif [name=window]").focus()
    page.keyboard.press("End")
    assert told.inner_text().startswith("Unresolved 7 of 12")
    assert "80.3% a year" in told.inner_text()
    assert page.url.endswith("#cost-4:choices&window=36")
    again = opened(page.url)
    assert again.locator(".whatif [name=window]").input_value() == "36"
    assert [heard for heard in page.heard if heard[0] != "request"] == []
    assert not opened((made / "en/claims/market-9/index.html").as_uri()).locator(".whatif").count()


def test_choices_and_dates_stand_together_in_the_address_of_a_claim(opened, made):
    page = opened((made / "en/claims/cost-4/index.html").as_uri() + "#verdict")
    page.locator("#compare [name=then]").select_option("2025-12-31")
    assert page.url.endswith("/index.html#then=2025-12-31&now=2026-11-23")  # no place on the page
    page.locator(".whatif [name=window]").select_option("36")
    both = "#cost-4:choices&window=36&then=2025-12-31&now=2026-11-23"
    assert page.url.endswith(both)
    again = opened(page.url + "&by=mail")
    assert again.locator("#compare [name=then]").input_value() == "2025-12-31"
    assert again.locator(".whatif [name=window]").input_value() == "36"
    again.locator("#compare [name=now]").select_option("2025-02-01")
    assert again.url.endswith("#cost-4:choices&window=36&by=mail&then=2025-02-01&now=2025-12-31")
    again.locator(".whatif button").click()
    assert again.url.endswith("#cost-4:choices&by=mail&then=2025-02-01&now=2025-12-31")
    assert [heard for heard in again.heard if heard[0] != "request"] == []


def test_home_compares_two_dates_by_keyboard_beside_its_filters(opened, made):
    page = opened((made / "en/index.html").as_uri() + "#verdict=mixed")
    assert page.locator("#changed").inner_text() == (
        "1 of 4 verdicts and 1 headline numbers differ."
    )
    assert texts(page, "#moves tbody tr:visible th") == ["Name of cost-4"]
    then = page.locator("#compare [name=then]")
    then.focus()
    page.keyboard.press("ArrowDown")
    assert texts(page, "#moves thead th")[1:] == ["31 December 2025", "23 November 2026"]
    (was, now) = texts(page, "#moves tbody tr:visible td")
    assert was.split("\n")[0].startswith("Unresolved too imprecise") and "70.0% a year" in was
    assert now.startswith("Supported") and "90% interval: 80.0% to 90.0%" in now
    assert page.url.endswith("#verdict=mixed&then=2025-12-31&now=2026-11-23")
    page.locator("#all").click()
    assert page.url.endswith("#then=2025-12-31&now=2026-11-23")
    again = opened(page.url)
    again.locator("#compare [name=now]").select_option("2025-12-31")
    assert texts(again, "#moves tbody tr:visible") == []
    still = opened((made / "en/index.html").as_uri(), java_script_enabled=False)
    assert not still.locator("#compare").is_visible()
    assert texts(still, "#moves tbody tr:visible th") == ["Name of cost-4"]


def test_text_at_twice_its_size_needs_no_panning_on_a_phone(each_kind):
    for kind, page in each_kind(360):
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, kind


def results_of(page, query):
    page.locator("#query").fill(query)
    return page.locator("#found a").all_inner_texts()


def test_search_finds_what_is_anywhere_in_the_briefs(opened, made):
    page = opened((made / "en/index.html").as_uri())
    assert results_of(page, "zebra") == [
        "A zebra chart of cost-revolution",
        "A zebra chart of market-impact",
    ]
    assert results_of(page, "quagg") == ["Quagga news"]  # a source, by the beginning of a word
    assert results_of(page, "okapi prose") == ["Opening", "Opening"]  # running text
    assert "List prices of language models" in results_of(page, "list price languag")
    assert results_of(page, "cost-4")[0].startswith("Costs <fall> & fall")
    assert results_of(page, "zebra market")[0] == "A zebra chart of market-impact"
    assert page.locator("#count").inner_text().startswith("Results found: ")
    assert results_of(page, "xylophone") == []
    assert (
        page.locator("#count").inner_text()
        == "Nothing found for “xylophone”. Try fewer letters, or one word."
    )
    assert results_of(page, "") == [] and page.locator("#count").inner_text() == ""
    assert [kind for kind, _text in page.heard if kind != "request"] == []


def test_search_forgives_endings_slips_and_takes_phrases(opened, made, maker):
    page = opened((made / "en/index.html").as_uri())
    chart = "A zebra chart of cost-revolution"
    assert chart in results_of(page, "zebras") and chart in results_of(page, "charting")
    assert chart in results_of(page, "zebar") and chart in results_of(
        page, "zebbra chart"
    )  # two kinds of slip
    assert results_of(page, "zbra") == []  # too short to guess
    assert results_of(page, '"okapi prose"') == ["Opening", "Opening"]
    assert results_of(page, '"prose okapi"') == []
    assert len(results_of(page, "prose okapi")) == 2
    assert results_of(page, "“zebra chart” market") == ["A zebra chart of market-impact"]


def test_search_takes_words_for_each_other_in_both_languages(opened, made):
    page = opened((made / "en/index.html").as_uri())
    assert "A zebra chart of cost-revolution" not in results_of(page, "nosuchword")
    own, other = results_of(page, "forecast"), results_of(page, "ramalan")
    assert own and set(own) <= set(other)
    page = opened((made / "ms/index.html").as_uri())
    plain = results_of(page, "pengguna")
    assert plain and set(plain) & set(results_of(page, "menggunakan"))


def test_what_was_asked_is_in_the_address_and_there_after_going_back(opened, made):
    page = opened((made / "en/index.html").as_uri() + "#verdict=contradicted")
    page.locator("#query").fill("zebra market")
    page.wait_for_url("**#verdict=contradicted&q=zebra+market")
    assert page.locator("#found a").count() == 1
    page.locator("#found a").click()
    page.go_back()
    assert page.locator("#query").input_value() == "zebra market"
    assert page.locator("#found a").count() == 1 and shown(page) == 1
    page = opened((made / "en/index.html").as_uri() + "#q=quagga")
    assert page.locator("#found a").all_inner_texts() == ["Quagga news"]
    page.locator("#query").press("Escape")
    assert "#" not in page.url


def test_search_results_are_reached_and_followed_by_keyboard(opened, made):
    page = opened((made / "en/index.html").as_uri())
    page.locator("#query").focus()
    page.keyboard.type("zebra")
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").inner_text() == "A zebra chart of cost-revolution"
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").inner_text() == "A zebra chart of market-impact"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "query"
    page.keyboard.press("Escape")
    assert page.locator("#query").input_value() == ""
    page.keyboard.type("zebra")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/cost-revolution/index.html#fig-cost-revolution")


def test_every_search_result_leads_somewhere(made, maker):
    import json
    import re

    text = (made / "en/index.html").read_text("utf-8")
    entries = json.loads(
        re.search(r'<script type="application/json" id="entries">(.*?)</script>', text, re.S)[1]
    )
    assert {entry["k"] for entry in entries} == {
        "Claim",
        "Brief",
        "Finding",
        "Section",
        "Figure",
        "Data",
        "Source",
    }
    for entry in entries:
        path, _hash, fragment = entry["u"].partition("#")
        page = made / "en" / path
        assert page.is_file(), entry
        assert not fragment or fragment in maker.Reader(page.read_text("utf-8")).ids, entry


def test_the_keyboard_starts_at_the_skip_link(opened, made):
    page = opened((made / "en/claims/cost-4/index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.fixture
def served(made):
    """Address of the folder above the site, as a server with a sub-path gives it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(made.parent))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{made.name}"
    server.shutdown()
    server.server_close()


def test_the_site_works_below_a_path(opened, served):
    page = opened(f"{served}/")
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Method", exact=True).click()
    page.get_by_role("link", name="Bahasa Melayu").click()
    page.wait_for_url(f"{served}/ms/method/index.html")
    page.locator(".bar nav a").first.click()
    page.locator("#board a").first.click()
    page.wait_for_url(f"{served}/ms/claims/cost-4/index.html")
    assert all(url.startswith(served) for kind, url in page.heard if kind == "request")
