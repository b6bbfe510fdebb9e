"""What is shown: figures, tables, sentences and verdicts, in the language of the reader."""
