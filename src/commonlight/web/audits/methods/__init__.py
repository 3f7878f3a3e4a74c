"""Where the audits app calls the library.

`wording` is light and serves the pages. The rest belongs to jobs: `configuring` and `stored` before
and after `computing`, which is heavy.
"""

from commonlight.web.audits.methods.wording import offence_classes, stigma_notes

__all__ = ["offence_classes", "stigma_notes"]
