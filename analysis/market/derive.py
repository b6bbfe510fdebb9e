"""Compute the tables that stand for bulk data which may not be passed on, from your own download.

Three downloads are free to use and not free to republish: daily prices, fund holdings, and the
size portfolios of a research library. What the briefs carry is computed from them here::

    python -m analysis.market.derive FOLDER [OUT]

``FOLDER`` holds ``event_prices.csv`` (ticker, date, adj_close), ``sp500_weights.csv`` (date, fund,
ticker, weight_percent, source_id) and ``size_decile_monthly.csv`` (month, top_decile_share_percent,
firms_top_decile, firms_total, top10pct_firms_share_percent_lower_bound); ``OUT`` is where the
tables go, ``data/market`` unless named. Where the downloads come from: ``data/sources.csv``.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

#: Shares of the event study, and the funds that stand for the whole market.
TICKERS = """
    AAPL ADBE AMD AMZN ANET ARM ASML AVGO BABA CEG CRM CRWD DDOG DELL GEV GOOGL IBM INTC INTU
    IWM MDB META MRVL MSFT MU NET NOW NVDA ORCL PLTR QCOM QQQ RSP SAP SMCI SNOW SPY TSLA TSM
    VRT VST WDAY
""".split()
FIRST_DAY, LAST_DAY = "2024-01-02", "2025-12-31"
#: Second classes of shares of one issuer, under the ticker of the first.
SAME_ISSUER = {"GOOG": "GOOGL", "FOX": "FOXA", "NWS": "NWSA", "UA": "UAA", "DISCK": "DISCA"}


def _rounded(table: pd.DataFrame, digits: int, *names: str) -> pd.DataFrame:
    """Write numbers with so many decimals, as the files of the package have them."""
    return table.assign(**{name: table[name].map(f"{{:.{digits}f}}".format) for name in names})


def daily_returns(prices: pd.DataFrame) -> pd.DataFrame:
    """Simple daily returns of the studied shares, dividends included, as shares of the close before."""
    kept = prices[prices["ticker"].isin(TICKERS) & prices["date"].between(FIRST_DAY, LAST_DAY)]
    wide = kept.pivot(index="date", columns="ticker", values="adj_close").sort_index()
    moves = wide.pct_change(fill_method=None).iloc[1:]
    rows = moves.melt(ignore_index=False, value_name="return").reset_index()
    rows = rows.dropna(subset=["return"]).sort_values(["ticker", "date"], ignore_index=True)
    rows = _rounded(rows, 6, "return").assign(
        published=rows["date"], published_basis="event", source_id="gh_dsturdy_prices"
    )
    return rows[["ticker", "date", "return", "published", "published_basis", "source_id"]]


def snapshot(weights: pd.DataFrame) -> pd.Series:
    """Concentration of one fund's holdings on one day, from ``ticker`` and ``weight_percent``.

    ``issuers``, ``top1``, ``top5``, ``top10`` (shares), ``hhi`` (sum of squared shares),
    ``effective_number`` and ``top_over_p75`` (the largest issuer over the one at the 75th percentile).
    """
    issuer = weights["ticker"].replace(SAME_ISSUER)
    shares = weights.groupby(issuer)["weight_percent"].sum().sort_values() / 100
    shares = shares[shares > 0] / shares[shares > 0].sum()  # a fund holds some cash besides
    hhi = float((shares**2).sum())
    return pd.Series(
        {
            "issuers": len(shares),
            "top1": shares.iloc[-1],
            "top5": shares.iloc[-5:].sum(),
            "top10": shares.iloc[-10:].sum(),
            "hhi": hhi,
            "effective_number": 1 / hhi,
            "top_over_p75": shares.iloc[-1] / shares.quantile(0.75),
        }
    )


def snapshots(weights: pd.DataFrame) -> pd.DataFrame:
    """Concentration of the S&P 500 by every fund disclosure, a row per day and fund."""
    rows = [
        {
            "date": date,
            "fund": fund,
            **snapshot(group),
            "published": date,
            "published_basis": "event",
            "source_id": source.lower(),
        }
        for (date, fund, source), group in weights.groupby(["date", "fund", "source_id"])
    ]
    table = pd.DataFrame(rows).sort_values(["date", "fund"], ignore_index=True)
    table["issuers"] = table["issuers"].astype(int)
    table = _rounded(table, 6, "top1", "top5", "top10", "hhi")
    return _rounded(table, 3, "effective_number", "top_over_p75")


def yearly_deciles(monthly: pd.DataFrame) -> pd.DataFrame:
    """Share of the largest tenth of US listed firms: at the end of each year, and at the year's peak.

    Columns: ``year``, ``december_share``, ``peak_month``, ``peak_share`` (shares of market value
    held by a tenth of firms, lower bounds), ``decile_share`` and ``decile_firms`` (the top decile
    by NYSE size, in December), ``firms``, with dating and source.
    """
    tenth = "top10pct_firms_share_percent_lower_bound"
    monthly = monthly.assign(year=monthly["month"].str[:4].astype(int))
    december = monthly[monthly["month"].str.endswith("-12")].set_index("year")
    peak = monthly.loc[monthly.groupby("year")[tenth].idxmax()].set_index("year")
    table = pd.DataFrame(
        {
            "december_share": december[tenth] / 100,
            "peak_month": peak["month"],
            "peak_share": peak[tenth] / 100,
            "decile_share": december["top_decile_share_percent"] / 100,
            "decile_firms": december["firms_top_decile"],
            "firms": december["firms_total"],
        }
    ).reset_index()
    table = _rounded(table, 5, "december_share", "peak_share", "decile_share")
    return table.assign(published="2025-04-25", published_basis="stated", source_id="french_me")


#: Table of the package -> the download it comes from, and how.
DERIVED: dict[str, tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]] = {
    "event_returns.csv": ("event_prices.csv", daily_returns),
    "index_snapshots.csv": ("sp500_weights.csv", snapshots),
    "size_deciles.csv": ("size_decile_monthly.csv", yearly_deciles),
}


def main(folder: Path, out: Path) -> None:
    """Write every derived table from the downloads in `folder` to `out`."""
    for name, (download, compute) in DERIVED.items():
        compute(pd.read_csv(folder / download)).to_csv(out / name, index=False, lineterminator="\n")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "data/market"))
