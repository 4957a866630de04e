"""The dataset folder: reports as Parquet tables, partitioned by year, written in parts and read again."""

from extract.store.reading import NotAStore, Store
from extract.store.rows import Failure, report_key
from extract.store.schema import TABLES
from extract.store.tables import to_tables
from extract.store.writing import write_reports

__all__ = ["TABLES", "Failure", "NotAStore", "Store", "report_key", "to_tables", "write_reports"]
