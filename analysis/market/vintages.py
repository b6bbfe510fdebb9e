"""What each edition of the cloud forecasts foresaw, against what its publisher counted since."""

import numpy as np
import pandas as pd

from analysis.market.cloud import LAYERS
from briefs.values import N_, RATIO, Estimate

FORECAST, ACTUAL = "forecast", "actual"


def against_counts(spending: pd.DataFrame) -> pd.DataFrame:
    """Hold each forecast of a layer's spending in a year against the publisher's last count of it.

    A count is a row that isn't a forecast, published after the forecast and after the year; one that is
    called actual comes before an estimate. Counts of other publishers, who cut the layers otherwise,
    don't count: the first part of a source's id names its publisher.

    Returns
    -------
    DataFrame
        A row per edition, layer and year that was a forecast then and is counted now, in the order of
        publication: ``vintage``, ``published``, ``layer``, ``year``, ``ahead`` (years from the edition to
        the year forecast), ``foreseen`` and ``came`` (US$ million), ``error`` (log of came over
        foreseen), ``basis`` (*actual* or *estimate*), ``source_id``, ``counted_by`` (source of the count).
    """
    rows = spending[spending["segment"].isin(LAYERS)].rename(columns={"segment": "layer"})
    rows = rows.assign(publisher=rows["source_id"].str.split("_").str[0])
    keys = ["publisher", "layer", "year"]
    counted = rows[(rows["status"] != FORECAST) & (rows["published"].dt.year > rows["year"])]
    # the last one that is called actual, else the last estimate
    counted = counted.assign(actual=counted["status"] == ACTUAL)
    counted = counted.sort_values(["actual", "published"], kind="stable").drop_duplicates(
        keys, keep="last"
    )
    names = {
        "spending_usd_m": "came",
        "status": "basis",
        "source_id": "counted_by",
        "published": "since",
    }
    counted = counted.rename(columns=names)[[*keys, *names.values()]]
    found = rows[rows["status"] == FORECAST].merge(counted, on=keys)
    found = found[found["since"] > found["published"]].rename(
        columns={"spending_usd_m": "foreseen"}
    )
    found = found.assign(
        ahead=found["year"] - found["published"].dt.year,
        error=np.log(found["came"] / found["foreseen"]),
    )
    columns = "vintage published layer year ahead foreseen came error basis source_id counted_by"
    order = ["published", "layer", "year"]
    return found.sort_values(order, kind="stable")[columns.split()].reset_index(drop=True)


def typical(errors: pd.Series) -> Estimate:
    """Factor by which forecasts missed: the root mean square of the log errors, as a factor.

    Its ends are the least and the greatest miss. Missing with fewer than two.
    """
    method = N_("root mean square of log errors as a factor, least and greatest")
    if len(errors) < 2:
        return Estimate.missing(RATIO, method, len(errors))
    size = errors.abs()
    value, low, high = np.exp([np.sqrt((size**2).mean()), size.min(), size.max()])
    return Estimate(float(value), float(low), float(high), None, len(size), RATIO, method)
