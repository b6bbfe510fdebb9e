"""What no upstream gives in a form that can be read, or under terms that let us: a gap shown on purpose."""

from briefs.evidence.upstream.contract import Connector, Layout, nothing

CONNECTOR = Connector(
    id="gaps",
    title="A deliberate gap",
    publisher="",
    url="https://example.org",
    licence="",
    rhythm=90,
    transport=None,
    layout=Layout(columns=(), key=()),
    extract=nothing,
    gap="no upstream that can be read by a program and passed on is known: rows are added by hand",
)
