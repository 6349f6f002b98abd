"""Workbooks in and out: upload, columns, preview, confirm, undo; nothing is written before it is confirmed."""
