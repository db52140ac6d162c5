"""The detection benchmark; see docs/benchmarks.md.

One process a core is what makes it fast: threads of the linear algebra would only get into each other's way, and
have to be told before numpy is imported.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
