"""``python -m silin`` is the command ``silin``."""

from __future__ import annotations

import sys

from silin.cli import main

sys.exit(main())
