"""Drawings of what AI costs: ``prices``, ``rates`` and ``training``."""
