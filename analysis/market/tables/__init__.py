"""Tables of markets: ``market`` (event, chips, cloud) and ``concentration``."""
