"""The whole site in one file, and back: rows of every table and the files that people sent (docs/van-hanh.md)."""
