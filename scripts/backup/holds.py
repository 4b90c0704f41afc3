"""A hold: a running restore needs this backup, so no retention touches it until that ends or expires."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, ValidationError

from scripts.backup.sealed import BackupUnreadable, Piece, decode


class Hold(Piece):
    """Who needs a backup until when.

    Args:
        holder: a run id.
        until_at: when it ends by itself; a holder that lives on renews it.
        token: unique to this writing, so that a write whose answer was lost can be told from another's.
        released: the holder is done.
    """

    holder: str
    until_at: AwareDatetime
    token: str
    released: bool = False

    def is_active(self, now: datetime) -> bool:
        """Tell whether the backup must stay."""
        return not self.released and now < self.until_at


def parse_hold(body: bytes, source: str) -> Hold:
    """Read a hold.

    Raises:
        BackupUnreadable: damaged; whoever asks has to take it for a hold that is active.
    """
    try:
        return Hold.model_validate(decode(body, source))
    except ValidationError as error:
        raise BackupUnreadable(f"{source}: not a hold") from error
