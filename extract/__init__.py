"""Reads annual reports on government information disclosure and turns them into checked data."""
