"""What a brief shows: figures, tables and findings, each leaving its record in the notebook."""
