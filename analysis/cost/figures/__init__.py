"""Drawings of what AI costs: ``prices`` and ``training``."""
