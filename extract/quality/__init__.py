"""Measures of disclosure quality: within a report, against the year before, against peers.

Every measure comes with its numerator and denominator, or with the reason why it cannot be had. There is no
total score: a weighting is the reader's own (`extract.quality.weights`).
"""

from extract.quality.indicators import INDICATORS, describe_indicators, measure_report
from extract.quality.measure import Measure

__all__ = ["INDICATORS", "Measure", "describe_indicators", "measure_report"]
