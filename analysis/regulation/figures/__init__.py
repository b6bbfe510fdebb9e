"""Drawings of regulation: ``decisions`` and ``rivalry``."""
