"""Tables of markets: ``market`` (event, cloud) and ``concentration``."""
