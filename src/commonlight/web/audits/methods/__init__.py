"""Where the audits app calls the library.

`wording` is light and serves the pages. `computing` is heavy and runs in jobs only.
"""

from commonlight.web.audits.methods.wording import offence_classes, stigma_notes

__all__ = ["offence_classes", "stigma_notes"]
