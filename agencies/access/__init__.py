"""The door: who may come in, how often one may try, how long one stays, and the log of it."""
