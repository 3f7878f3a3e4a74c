"""The partnership's place: members, organisations, spaces."""
