"""The workbench: pages, API and worker of a partnership's shared place."""
