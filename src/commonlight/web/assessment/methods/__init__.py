"""Where the assessment calls the library, and what draws its sheets."""
