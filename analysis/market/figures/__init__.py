"""Drawings of markets: ``event``, ``chips``, ``cloud`` and ``concentration``."""
