"""Bytes to Document: one module a container format; READERS in `extract.read` lists them."""
