"""How call-outs stand, counted: what the pages show of many at a glance."""

from __future__ import annotations

from contracts.event import Fakta


class Svartall(Fakta):
    """Call-outs of one hendelse, or of one bydel, by where they stand. Those stood down are not counted."""

    spurt: int = 0
    """Asked (`foresporsel`)."""
    orientert: int = 0
    """Informed (`orientering`)."""
    kommer: int = 0
    """Have said they come, are there, or were there."""
    kommer_ikke: int = 0
    venter: int = 0
    """Asked, and not answered yet."""
    sviktet: int = 0
    """Asked, not answered, and late, escalated, in doubt or not reached: somebody must look."""

    @property
    def svart(self) -> int:
        return self.kommer + self.kommer_ikke
