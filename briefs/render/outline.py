"""The outline of a page, for the site around it: its address, and its sections with their words.

It is kept beside the page as `FILE`, so that links, search and sitemap needn't read HTML.
"""

import json

from briefs.render.blocks import Block, Document, FindingBlock, Prose
from briefs.render.markdown import Node, plain

FILE = "outline.json"


def of(document: Document) -> bytes:
    """Write the outline of a document as JSON.

    It has ``canonical`` and ``alternates`` as the head of the page has them, and ``sections`` with
    ``id``, ``title``, ``text`` (running text alone) and ``holds``, the ids of what is shown there.
    """
    blocks = {section.id: section.blocks for section in document.sections}
    texts = {name: list(map(_text, found)) for name, found in blocks.items()}
    texts["notes"] = [plain(note["children"]) for note in document.notes]
    texts["changes"] = [document.frame.changes]
    sections = [
        {
            "id": name,
            "title": title,
            "text": " ".join(" ".join(texts.get(name, ())).split()),
            "holds": [block.id for block in blocks.get(name, ()) if not isinstance(block, Prose)],
        }
        for name, title in document.contents
    ]
    head = {name: document.head[name] for name in ("canonical", "alternates")}
    return f"{json.dumps({**head, 'sections': sections}, ensure_ascii=False)}\n".encode()


def _text(block: Block) -> str:
    if isinstance(block, Prose):
        return " ".join(map(_words, block.nodes))
    return block.text if isinstance(block, FindingBlock) else ""


def _words(node: Node) -> str:
    """Words of a node, those of its items apart."""
    if node["type"] in ("ul", "ol", "li", "blockquote"):
        return " ".join(map(_words, node["children"]))
    return plain([node])
