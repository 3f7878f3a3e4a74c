"""English: the source language, as it is written in Europe."""
