"""Workbooks out: the one an agency fills in, the export of a period, a sender's own file with its faults marked."""
