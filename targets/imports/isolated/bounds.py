"""How large a file may be: far beyond any report, far below what a server feels."""

MOST_BYTES = 10 * 1024 * 1024
MOST_INFLATED = 100 * 1024 * 1024
MOST_ENTRIES = 2_000
MOST_SHEETS = 300
MOST_ROWS, MOST_COLUMNS = 20_000, 300
MOST_CELLS = 300_000  # filled ones, in all sheets together
MOST_MERGED_ROWS = 300_000  # of one sheet: the heights of its merged blocks together
MOST_TEXT = 32_767  # what Excel itself takes in one cell
