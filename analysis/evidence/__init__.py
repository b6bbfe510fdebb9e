"""What is known: tables with a source per row, and the claims they are held against."""
