"""What the notebook calls."""
