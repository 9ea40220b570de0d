"""Builders of the data files of the product's readers of English and Mandarin."""
