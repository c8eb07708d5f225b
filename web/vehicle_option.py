"""Read the option --vehicle: a vehicle of county.toml by name, or a JSON or TOML file with its figures."""

from __future__ import annotations

from pathlib import Path

from geodata.county_settings import CountySettings, read_toml, read_vehicle
from geodata.errors import BadInputError
from geodata.geojson import read_json
from geodata.vehicles import Vehicle


def read_vehicle_option(text: str, settings: CountySettings) -> Vehicle:
    """Return the vehicle of that name, else the one described in the file; what a file leaves out is as for a truck.

    Raises
    ------
    BadInputError
        `vehicle-unknown` (neither a name nor a file), `vehicle-file-not-an-object`, or what is wrong in the file.
    """
    if text in settings.vehicles:
        return settings.vehicles[text]
    path = Path(text)
    if not path.is_file():
        raise BadInputError("vehicle-unknown", "--vehicle", vehicle=text, known=sorted(settings.vehicles))
    document = read_toml(path) if path.suffix == ".toml" else read_json(path)
    if not isinstance(document, dict):
        raise BadInputError("vehicle-file-not-an-object", str(path))
    return read_vehicle(document, where=path.name, start=settings.vehicles["truck"])
