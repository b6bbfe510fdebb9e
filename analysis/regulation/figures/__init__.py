"""Drawings on regulation: ``adoption``, ``leads``, ``stance`` and ``surveys``, each in the module of its name."""

from analysis.regulation.figures.adoption import adoption
from analysis.regulation.figures.leads import leads
from analysis.regulation.figures.stance import by_year, stance
from analysis.regulation.figures.surveys import surveys

__all__ = ["adoption", "by_year", "leads", "stance", "surveys"]
