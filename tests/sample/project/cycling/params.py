"""Parameters of the notebook."""

import datetime as dt
from typing import ClassVar

from pydantic import Field

from briefs.parameters import Day, Parameters
from briefs.values import N_


class Cycling(Parameters):
    """Parameters of the one notebook."""

    report: ClassVar[str] = "cycling"

    as_of: Day = Field(
        dt.date(2026, 1, 31),
        ge=dt.date(2025, 1, 1),
        le=dt.date(2026, 1, 31),
        description=N_("Only counts that were out by this day are used."),
    )


REPORTS = {Cycling.report: Cycling}
