"""Figures by theme: DataFrames and estimates in, a figure with its record out."""
