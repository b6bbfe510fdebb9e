"""Names that figures, tables and sentences on regulation share, to be translated where they are shown."""

from briefs.display.i18n import _
from briefs.values import N_

JURISDICTIONS = {
    "US-federal": N_("US federal"),
    "US-states": N_("US states"),
    "US": N_("United States"),
    "EU": N_("European Union"),
    "GB": N_("United Kingdom"),
    "CN": N_("China"),
    "KR": N_("South Korea"),
    "IN": N_("India"),
    "VN": N_("Vietnam"),
    "SG": N_("Singapore"),
    "MY": N_("Malaysia"),
    "ID": N_("Indonesia"),
    "ASEAN": N_("ASEAN"),
    "BR": N_("Brazil"),
    "CA": N_("Canada"),
    "INT": N_("International bodies"),
    "US-CA": N_("California"),
    "US-NY": N_("New York"),
    "US-IL": N_("Illinois"),
    "US-CO": N_("Colorado"),
    "US-CT": N_("Connecticut"),
}
#: Cuts of the decisions.
SCOPES = {
    "all": N_("All"),
    "us": JURISDICTIONS["US"],
    "us_federal": JURISDICTIONS["US-federal"],
    "us_states": JURISDICTIONS["US-states"],
    "elsewhere": N_("Elsewhere"),
    "binding": N_("Binding law"),
    "soft": N_("Soft norms"),
    "proposal": N_("Bills and drafts"),
    "no_export_controls": N_("Without export controls"),
    "us_federal_no_export_controls": N_("US federal, without export controls"),
}
#: What happened to an instrument.
EVENTS = {
    "proposed": N_("proposed"),
    "adopted": N_("adopted"),
    "signed": N_("signed"),
    "amended": N_("amended"),
    "delayed": N_("delayed"),
    "vetoed": N_("vetoed"),
    "withdrawn": N_("withdrawn"),
    "revoked": N_("revoked"),
    "court_block": N_("blocked in court"),
    "in_force": N_("in force"),
    "obligation_applies": N_("duty applies"),
}
#: Ways that decisions point.
DIRECTIONS = {1: N_("tightens"), -1: N_("loosens"), 0: N_("neither")}
#: How much of a date was read.
BASES = {
    "source": N_("to the day"),
    "month": N_("to the month"),
    "year": N_("to the year"),
}
#: How firm the date of an obligation is.
STANDINGS = {
    "legislated": N_("legislated"),
    "proposed": N_("proposed"),
    "announced": N_("announced"),
}


def jurisdiction(name: str) -> str:
    """Name a jurisdiction in the active language; a state of the United States by its letters."""
    return _(JURISDICTIONS[name]) if name in JURISDICTIONS else name
