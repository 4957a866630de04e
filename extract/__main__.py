"""`python -m extract` is the command `gongkai`."""

import sys

from extract.cli import main

sys.exit(main())
