"""Where the data app calls the library.

`mappings` is light and serves the pages. `tables`, `files`, `pictures` and `extracts` are heavy
and run in jobs only.
"""
