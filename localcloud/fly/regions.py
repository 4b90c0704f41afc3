"""Fly's regions: the eighteen that live, and retired ones that old configurations still name.

Source: docs `reference/regions` (August 2026) and the fields of GET /v1/platform/regions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region; `geo` is its alias in placement expressions and routing headers."""

    code: str
    name: str
    latitude: float
    longitude: float
    geo: str
    gateway: bool = True
    paid: bool = False
    retired: bool = False
    managed_postgres: bool = False


_ROWS = (
    "ams|Amsterdam, Netherlands|52.374|4.895|eu|mpg",
    "arn|Stockholm, Sweden|59.651|17.918|eu|",
    "bom|Mumbai, India|19.089|72.868|apac|paid",
    "cdg|Paris, France|48.860|2.352|eu|",
    "dfw|Dallas, Texas (US)|32.778|-96.802|na us|",
    "ewr|Secaucus, NJ (US)|40.789|-74.057|na us|",
    "fra|Frankfurt, Germany|50.116|8.683|eu|mpg",
    "gru|Sao Paulo, Brazil|-23.549|-46.633|sa|mpg",
    "iad|Ashburn, Virginia (US)|39.022|-77.460|na us|mpg",
    "jnb|Johannesburg, South Africa|-26.203|28.046|af|",
    "lax|Los Angeles, California (US)|33.942|-118.408|na us|mpg",
    "lhr|London, United Kingdom|51.516|-0.178|eu|mpg",
    "nrt|Tokyo, Japan|35.622|139.691|apac|mpg",
    "ord|Chicago, Illinois (US)|41.892|-87.633|na us|mpg",
    "sin|Singapore, Singapore|1.300|103.800|apac|mpg",
    "sjc|San Jose, California (US)|37.352|-121.893|na us|mpg",
    "syd|Sydney, Australia|-33.865|151.207|apac|mpg",
    "yyz|Toronto, Canada|43.645|-79.379|na|mpg",
    "atl|Atlanta, Georgia (US)|33.748|-84.391|na us|retired",
    "bog|Bogota, Colombia|4.711|-74.072|sa|retired",
    "bos|Boston, Massachusetts (US)|42.366|-71.010|na us|retired",
    "den|Denver, Colorado (US)|39.744|-104.990|na us|retired",
    "eze|Ezeiza, Argentina|-34.854|-58.533|sa|retired",
    "gdl|Guadalajara, Mexico|20.521|-103.311|na|retired",
    "gig|Rio de Janeiro, Brazil|-22.808|-43.243|sa|retired",
    "hkg|Hong Kong, Hong Kong|22.250|114.150|apac|retired",
    "mad|Madrid, Spain|40.417|-3.703|eu|retired",
    "mia|Miami, Florida (US)|25.778|-80.179|na us|retired",
    "otp|Bucharest, Romania|44.432|26.104|eu|retired",
    "phx|Phoenix, Arizona (US)|33.416|-112.009|na us|retired",
    "qro|Queretaro, Mexico|20.617|-100.186|na|retired",
    "scl|Santiago, Chile|-33.364|-70.670|sa|retired",
    "sea|Seattle, Washington (US)|47.606|-122.332|na us|retired",
    "waw|Warsaw, Poland|52.166|20.967|eu|retired",
    "yul|Montreal, Canada|45.484|-73.560|na|retired",
)


def _region(row: str) -> Region:
    code, name, latitude, longitude, geo, marks = row.split("|")
    return Region(
        code=code,
        name=name,
        latitude=float(latitude),
        longitude=float(longitude),
        geo=geo,
        gateway=marks != "retired",
        paid=marks == "paid",
        retired=marks == "retired",
        managed_postgres=marks == "mpg",
    )


REGIONS: dict[str, Region] = {region.code: region for region in map(_region, _ROWS)}
"""Every region by code, retired ones included."""

LIVING: tuple[str, ...] = tuple(code for code, region in REGIONS.items() if not region.retired)
"""Codes of the regions that take machines."""

ALIASES = ("af", "apac", "eu", "na", "sa", "us", "any")
"""What may stand for several regions in an expression."""


def expand(expression: str) -> list[str]:
    """Return the living regions of an expression such as `lhr,eu`, in order of preference, each once.

    Raises:
        KeyError: a part is neither a living region nor an alias; its text is the argument.
    """
    found: dict[str, None] = {}
    for part in [part.strip() for part in expression.split(",")]:
        if part in LIVING:
            found[part] = None
        elif part in ALIASES:
            found.update(dict.fromkeys(_of_alias(part)))
        else:
            raise KeyError(part)
    return list(found)


def _of_alias(alias: str) -> list[str]:
    return [code for code in LIVING if alias == "any" or alias in REGIONS[code].geo.split()]
