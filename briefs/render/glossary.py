"""Terms that a reader may not know: the first use of each on a page is a button that explains it.

The terms are those of ``glossary.yml`` in the data folder; a project may do without. A `Marker` goes
along a page in its order and turns words into nodes of the type ``term``, see `markdown`, which the
templates write as buttons of HTML's popovers: they open by key, by touch and without a script, and
their words are in the page. Nothing in print knows of them.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from briefs import yaml_nodes
from briefs.display import i18n
from briefs.evidence import catalog
from briefs.evidence.model import Strict, Text
from briefs.evidence.schema import rule_of
from briefs.project import data_folder
from briefs.render.markdown import Node

FILE = "glossary.yml"
#: Where the page of all terms stands, below the language.
FOLDER = "glossary"
#: Marks that belong to a word: a line may break on either side of a button, but not between the two.
_MARKS = r"[^\w\s]*"
#: What running text is inside of, that may hold terms.
_RUNNING = {"p", "plain", "li", "ul", "ol", "blockquote", "em", "strong"}


class GlossaryError(ValueError):
    """The glossary breaks its contract; each line names a term and the rule."""


class Found(Strict):
    """Words that stand for a term in running text, by language."""

    en: tuple[str, ...] = ()
    ms: tuple[str, ...] = ()


class Term(Strict):
    """A term, its explanation, and the words that it is found by."""

    id: Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    term: Text
    find: Found = Found()
    text: Text
    source: str | None = None

    @property
    def name(self) -> str:
        return i18n.localized(self.term.model_dump())

    @property
    def meaning(self) -> str:
        return i18n.localized(self.text.model_dump())


def load() -> dict[str, Term]:
    """Read the terms by id, in the order of the file; none where there is no glossary."""
    path = data_folder() / FILE
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=8)
def _read(path: Path, modified: int) -> dict[str, Term]:
    try:
        entries = yaml_nodes.load(path)
        terms = TypeAdapter(list[Term]).validate_python(entries or [])
    except yaml_nodes.YamlError as error:
        raise GlossaryError(str(error)) from None
    except ValidationError as error:
        raise GlossaryError("\n".join(map(_breach, error.errors()))) from None
    faults = [f"{FILE}: {fault}" for fault in _faults(terms)]
    if faults:
        raise GlossaryError("\n".join(faults))
    return {term.id: term for term in terms}


def _breach(error: Any) -> str:
    number, *field = error["loc"] or ("(all)",)
    return f"{FILE}, term number {number}, field {'.'.join(map(str, field)) or '(all)'}: {rule_of(error)}"


def _faults(terms: list[Term]) -> Iterator[str]:
    """Yield what no single term shows: an id, or a word to find, that two of them have."""
    seen: set[tuple[str, str]] = set()
    for term in terms:
        names = {("id", term.id)}
        for language, words in term.find.model_dump().items():
            names |= {(language, word.casefold()) for word in words}
        yield from (
            f"{term.id}: {name!r} stands for another term too" for _of, name in names & seen
        )
        seen |= names


def problems() -> Iterator[str]:
    """Yield every breach of the glossary, sources that there aren't among them."""
    try:
        named = {term.id: term.source for term in load().values() if term.source}
        known = set(catalog.sources()["source_id"]) if named else set()
    except GlossaryError as error:
        yield from str(error).splitlines()
        return
    except catalog.EvidenceError:  # said by the check of the evidence
        return
    yield from (
        f"{FILE}: {name}: {source!r} is no known source"
        for name, source in named.items()
        if source not in known
    )


class Marker:
    """Marks the first use of each term on one page, in the active language.

    What it has marked so far is in ``found``, in order.
    """

    def __init__(self) -> None:
        self.found: list[Term] = []
        self._terms = load()
        self._by_word = {
            word.casefold(): name
            for name, term in self._terms.items()
            for word in term.find.model_dump().get(i18n.language(), ())
        }
        words = sorted(self._by_word, key=len, reverse=True)
        said = "|".join(map(re.escape, words))
        self._pattern = (
            re.compile(rf"({_MARKS})(?<![\w-])({said})(?![\w-])({_MARKS})", re.IGNORECASE)
            if said
            else None
        )

    def nodes(self, nodes: Iterable[Node]) -> list[Node]:
        """Mark terms in a tree of `markdown`; headings, links, code and tables stay as they are."""
        marked: list[Node] = []
        for node in nodes:
            if node["type"] == "text":
                marked += self.text(node["text"])
            elif node["type"] in _RUNNING:
                marked.append({**node, "children": self.nodes(node["children"])})
            else:
                marked.append(node)
        return marked

    def text(self, text: str) -> list[Node]:
        """Mark terms in a plain text, as nodes."""
        nodes, end = [], 0
        for match in self._pattern.finditer(text) if self._pattern else ():
            before, word, after = match.groups()
            term = self._terms[self._by_word[word.casefold()]]
            if term in self.found:
                continue
            self.found.append(term)
            nodes.append({"type": "text", "text": text[end : match.start()]})
            around = {"before": before, "after": after}
            nodes.append({"type": "term", "id": term.id, "text": word, **around})
            end = match.end()
        return [*nodes, {"type": "text", "text": text[end:]}]
