"""The open-data catalogue of a workspace, in DCAT-AP."""
