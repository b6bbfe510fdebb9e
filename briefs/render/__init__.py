"""An executed notebook made into one HTML file and a PDF: cells, records, blocks, templates."""
