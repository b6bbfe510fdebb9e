"""Names that figures, tables and sentences on regulation share."""

from briefs.display.i18n import _


def jurisdiction(name: str) -> str:
    """Name a jurisdiction in the active language; a state of the United States by its letters."""
    names = {
        "US-federal": _("US federal"),
        "US-states": _("US states"),
        "US": _("United States"),
        "EU": _("European Union"),
        "GB": _("United Kingdom"),
        "CN": _("China"),
        "KR": _("South Korea"),
        "IN": _("India"),
        "VN": _("Vietnam"),
        "SG": _("Singapore"),
        "MY": _("Malaysia"),
        "ID": _("Indonesia"),
        "ASEAN": _("ASEAN"),
        "BR": _("Brazil"),
        "CA": _("Canada"),
        "INT": _("International bodies"),
        "World": _("World"),
        "US-CA": _("California"),
        "US-NY": _("New York"),
        "US-IL": _("Illinois"),
        "US-CO": _("Colorado"),
        "US-CT": _("Connecticut"),
    }
    return names.get(name, name)


def scope(name: str) -> str:
    """Name a cut of the decisions."""
    return {
        "all": _("All"),
        "us_federal": jurisdiction("US-federal"),
        "us_states": jurisdiction("US-states"),
        "elsewhere": _("Elsewhere"),
        "binding": _("Binding law"),
        "soft": _("Soft norms"),
        "proposal": _("Bills and drafts"),
        "no_export_controls": _("Without export controls"),
        "us_federal_no_export_controls": _("US federal, without export controls"),
    }[name]


def event(name: str) -> str:
    """Name what happened to an instrument."""
    return {
        "proposed": _("proposed"),
        "adopted": _("adopted"),
        "signed": _("signed"),
        "amended": _("amended"),
        "delayed": _("delayed"),
        "vetoed": _("vetoed"),
        "withdrawn": _("withdrawn"),
        "revoked": _("revoked"),
        "court_block": _("blocked in court"),
        "in_force": _("in force"),
        "obligation_applies": _("duty applies"),
    }[name]


def direction(sign: int) -> str:
    """Name a direction."""
    return {1: _("tightens"), -1: _("loosens"), 0: _("neither")}[sign]


def basis(name: str) -> str:
    """Say what a date rests on."""
    return {
        "source": _("seen"),
        "day_from_memory": _("day from memory"),
        "memory": _("from memory"),
    }[name]


def standing(name: str) -> str:
    """Name how firm the date of an obligation is."""
    return {"legislated": _("legislated"), "proposed": _("proposed"), "announced": _("announced")}[
        name
    ]


def choice(name: str) -> str:
    """Name a way to code decisions."""
    return {
        "base": _("Base case"),
        "binding": _("Binding instruments only"),
        "enacted": _("Only what was enacted"),
        "no_export_controls": _("Without export controls"),
        "seen": _("Nothing that rests on memory"),
        "known_days": _("Only events whose day was seen in a source"),
        "per_instrument": _("One vote per instrument, by its net direction"),
        "undated": _("With instruments whose decision has no recorded day"),
        "neutral": _("Neutral steps counted among all"),
        "lowest_source": _("Without the source whose loss lowers it most"),
        "highest_source": _("Without the source whose loss raises it most"),
    }[name]
