"""What runs inside the child process, which is not trusted with anything: files are taken apart here and nowhere else.

Imports are few and light, without Django: they are paid on every upload.
"""
