"""What proving a step, or taking it back, came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from scripts.engine.json_values import JsonObject, freeze_object


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether the world is as the step promised.

    Args:
        findings: what is not as it should be; empty means verified.
        level: level of the verification ladder that was reached, 0 to 5; None where the ladder has no say.
        facts: what was measured, for the report.
    """

    findings: tuple[str, ...] = ()
    level: int | None = None
    facts: JsonObject = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", freeze_object(self.facts, "facts"))

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How a step was taken back.

    Args:
        kept: why something was left in the world on purpose (renamed, tagged with an expiry); empty when
            nothing was, which a look then has to confirm.
    """

    kept: str = ""
