"""`python -m matching` is `letabli`."""

import sys

from matching.cli import main

sys.exit(main())
