"""Drawings of what AI costs: ``prices``, ``rates``, ``bills`` and ``training``."""
