"""The library's simulated city, written as a city would publish it."""

from __future__ import annotations

from pathlib import Path

__all__ = ["city_name", "write_files"]


def write_files(folder: Path, *, incidents: int, seed: int) -> None:
    """Simulate the city and write its files into the folder."""
    from commonlight.simulate.city import simulate_city
    from commonlight.simulate.files import write_city

    city = simulate_city(incidents=incidents, seed=seed)
    write_city(city, folder, rejects_share=0.005)


def city_name(folder: Path) -> str:
    """What the city calls itself in its files."""
    from commonlight.audit.config import load_config

    return load_config(folder / "audit.toml").city
