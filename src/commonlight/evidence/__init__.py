"""What research and statistics offices know, as data with sources."""
