"""Names for machines that were given none, in Fly's manner: two words and a number."""

from __future__ import annotations

from localcloud.fly.ids import Ids

# fmt: off
_FIRST = (
    "autumn", "bitter", "bold", "broken", "cold", "crimson", "damp", "dark", "dawn", "delicate",
    "divine", "dry", "empty", "falling", "floral", "green", "hidden", "holy", "icy", "late", "lingering",
    "little", "lively", "long", "misty", "morning", "nameless", "old", "patient", "polished", "proud",
    "quiet", "red", "restless", "rough", "shy", "silent", "small", "snowy", "solitary", "spring",
    "still", "summer", "twilight", "wandering", "weathered", "white", "wild", "winter", "wispy",
    "withered", "young",
)
_SECOND = (
    "bird", "breeze", "brook", "bush", "butterfly", "cherry", "cloud", "darkness", "dawn", "dew",
    "dream", "dust", "feather", "field", "fire", "firefly", "flower", "fog", "forest", "frog", "frost",
    "glade", "glitter", "grass", "haze", "hill", "lake", "leaf", "meadow", "moon", "morning", "mountain",
    "night", "paper", "pine", "pond", "rain", "resonance", "river", "sea", "shadow", "shape", "silence",
    "sky", "smoke", "snow", "snowflake", "sound", "star", "sun", "sunset", "surf", "thunder", "tree",
    "violet", "voice", "water", "waterfall", "wave", "wildflower", "wind", "wood",
)
# fmt: on


def machine_name(ids: Ids) -> str:
    """Return a name such as `wispy-water-4711`."""
    return f"{_FIRST[ids.number(len(_FIRST))]}-{_SECOND[ids.number(len(_SECOND))]}-{1000 + ids.number(9000)}"
