"""Known attacks by every way into a page, opened in a real browser."""

import copy
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest

from briefs.display.records import MIME
from briefs.render import document, exporters

#: Known attacks: what a browser would run, load, submit or follow.
ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/pixel.png'>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></iframe></foreignObject></svg>",
    "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "<object data=https://evil.example></object>",
    "<embed src=https://evil.example>",
    "<form action=https://evil.example><input autofocus onfocus=alert(1)><button formaction='javascript:alert(1)'>b",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p style='background:url(https://evil.example/x)'>styled</p>",
    "<div style=position:fixed;inset:0>over all</div>",
    "<a href='javascript:alert(1)'>link</a>",
    "<a href='jAvA\tscript:alert(1)'>tab</a>",
    "<a href='&#106;&#97;vascript&colon;alert(1)'>entities</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>d</a>",
    "<a href=//evil.example>no scheme</a>",
    "<details open ontoggle=alert(1)>d</details>",
    "<video><source onerror=alert(1)></video>",
    "<math><mtext></table><img src=x onerror=alert(1)></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea></textarea><script>alert(1)</script>",
    "<table background=https://evil.example/x><td background=https://evil.example/y>cell",
    "<!--><script>alert(1)</script>",
    "</td></tr></table></div></main><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>m</marquee>",
    "<a id=main name=main href=#x>clobber</a>",
    "<plaintext>rest",
    "<xmp><script>alert(1)</script></xmp>",
]
ALL = "\n".join(ATTACKS)
URLS = [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example",
    "file:x",
    'https://ok.example/"onmouseover="alert(1)',
    "vbscript:x",
]


def attacked(sample):
    """The sample notebook with every attack by every way in."""
    cells = sample.cells()
    parameters = [{"name": f"p{i}", "value": a, "meaning": a} for i, a in enumerate(ATTACKS)]
    cells[1] = sample.code(
        ALL,
        sample.shown(
            {**sample.BRIEF, "title": ATTACKS[0], "subtitle": ATTACKS[2], "parameters": parameters}
        ),
    )
    finding = {**sample.SMALL, "id": "attack", "text": ALL, "headline": True}
    table = {
        **sample.TABLE,
        "id": "attacks",
        "title": ATTACKS[0],
        "subtitle": ALL,
        "note": ALL,
        "columns": [{**c, "label": ATTACKS[2]} for c in sample.TABLE["columns"]],
        "rows": [[a, 2020, 1, 1, a] for a in ATTACKS],
    }
    verdict = sample.verdict(
        "cost-8",
        "unresolved",
        ALL,
        **dict.fromkeys(
            (
                "reason",
                "quantity",
                "said_by",
                "outlet",
                "attribution",
                "interest",
                "rule",
                "would_change",
            ),
            ALL,
        ),
    )
    tried = copy.deepcopy(sample.TRIED)
    for axis in tried["axes"]:
        axis["name"] = ALL
        for choice in axis["choices"]:
            choice["name"] = ALL
    readings = [{**reading, "quantity": ALL} for reading in sample.READINGS]
    verdict |= {"specifications": tried, "readings": readings, "reading": "pooled"}
    grid = {
        **table,
        "kind": "grid",
        "id": "grid-attacks",
        "axes": [{"id": "model", "options": ATTACKS}],
        "chosen": {"model": ATTACKS[0]},
        "sentence": "{said}",
        "texts": [{"said": a} for a in ATTACKS],
        "none": ALL,
        "lane": "open",
        "span": ["cost", "cost", "share"],
        "unit": "USD",
    }
    words = dict.fromkeys(("publisher", "title", "note", "license"), ALL)
    sources = [{**item, **words} for item in sample.SOURCES["items"]]
    sources += [{**sources[0], "source_id": f"u{i}", "url": url} for i, url in enumerate(URLS)]
    cells[-1] = sample.code("s", sample.shown({**sample.SOURCES, "items": sources}))
    cells[-2:-2] = [
        sample.markdown(
            "## Attacks\n\n"
            + "\n\n".join(ATTACKS)
            + "\n\n| a |\n|--|\n"
            + "".join(f"| {a.replace('|', '')} |\n" for a in ATTACKS)
            + "".join(f"\n[x{i}](<{u}>)" for i, u in enumerate(URLS))
        ),
        sample.code("a", sample.shown(finding)),
        sample.code("b", sample.shown(table)),
        sample.code("c", sample.shown(verdict)),
        sample.code("d", sample.shown(grid)),
    ]
    return sample.read(cells)


def listen(page):
    """Gather all that a page asks, says or does."""
    heard = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.browser
def test_no_attack_does_anything_in_a_browser(browser, sample, tmp_path):
    file = tmp_path / "attacked.html"
    file.write_text(
        exporters.render_html(document.build(attacked(sample))), encoding="utf-8", newline=""
    )
    # once under the page's policy, and once without it: what is written must be harmless by itself
    for bypass in (False, True):
        context = browser.new_context(bypass_csp=bypass)
        page = context.new_page()
        heard = listen(page)
        page.goto(file.as_uri())
        for detail in page.locator("details").all():
            detail.evaluate("d => d.open = true")
        page.mouse.move(200, 200)
        page.keyboard.press("Tab")
        assert heard == [file.as_uri()]
        assert page.evaluate("document.title").startswith(ATTACKS[0])
        assert page.locator("h1").inner_text() == ATTACKS[0]
        tags = page.evaluate(
            "[...new Set([...document.body.querySelectorAll('*:not(body > script:last-child)')].map(e => e.localName))]"
        )
        assert not {
            "script",
            "img",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "style",
            "meta",
            "base",
            "link",
            "video",
            "template",
            "foreignObject",
        } & set(tags)
        links = page.evaluate(
            "[...document.querySelectorAll('body a')].map(a => a.getAttribute('href') ?? '')"
        )
        assert {link.split(":")[0] for link in links if link and not link.startswith("#")} <= {
            "https",
            "data",
        }
        kinds = ("data:text/csv", "data:image/svg+xml")
        files = [link for link in links if link.startswith("data:")]
        assert all(link.startswith(kinds) for link in files)
        for link in files:
            if link.startswith(kinds[1]):
                drawn = ET.fromstring(unquote(link.partition(",")[2]))
                assert not {e.tag.rpartition("}")[2] for e in drawn.iter()} & {
                    "script",
                    "a",
                    "style",
                }
                assert not [
                    name for e in drawn.iter() for name in e.attrib if name.startswith("on")
                ]
        names = page.evaluate(
            "[...document.body.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
        )
        assert not [name for name in names if name.startswith("on")]
        assert not {"style", "src", "srcdoc", "action", "formaction"} & set(names)
        context.close()


def test_the_records_keep_what_the_page_refuses(sample):
    nb = attacked(sample)
    records = [
        output["data"][MIME]
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]
    assert document.build(nb).records == records
