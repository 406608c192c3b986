"""What the bank knows: documents, their passages, and the search over both."""

import os

# The runtime of the embedding model reports its use to its maker otherwise; it reads this when it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
