"""Invented reports over the whole of plan 503, made through the real workflow and labelled as illustrative."""
