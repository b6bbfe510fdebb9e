"""Drawings of what AI costs: ``prices``, ``rates``, ``bills``, ``forecasts`` and ``training``."""
