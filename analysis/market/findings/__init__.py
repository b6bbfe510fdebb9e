"""Sentences whose every number is an estimate: ``shares``, ``chips``, ``cloud`` and ``firms``."""

from analysis.market.findings.chips import chip_shares, competition, focus, inference
from analysis.market.findings.cloud import (
    company,
    foreseen,
    layer_change,
    layer_growth,
    share_changes,
)
from analysis.market.findings.firms import (
    depression,
    fallen,
    malaysia,
    newcomers,
    small_firms,
    speakers_ratio,
)
from analysis.market.findings.shares import event, shock, whole_market, window

__all__ = [
    "chip_shares",
    "company",
    "competition",
    "depression",
    "event",
    "fallen",
    "focus",
    "foreseen",
    "inference",
    "layer_change",
    "layer_growth",
    "malaysia",
    "newcomers",
    "share_changes",
    "shock",
    "small_firms",
    "speakers_ratio",
    "whole_market",
    "window",
]
