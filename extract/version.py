"""The version that stands in every row of output: of the program, whose rules it names too."""

VERSION = "0.1.0"
