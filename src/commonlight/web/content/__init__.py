"""Domain content of the workbench: files with sources and versions, which code only reads."""

from commonlight.web.content.reading import ContentError, read_content, texts_of

__all__ = ["ContentError", "read_content", "texts_of"]
