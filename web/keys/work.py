"""Sign void passes again in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from passes.reissue.key_reissue import reissue_all
from web.jobs.run import Run


def reissue(run: Run) -> Mapping[str, Any]:
    """Sign every live pass of withdrawn keys again; after a broken run it goes on with what is still void."""
    here = run.site
    count = reissue_all(
        run.writing,
        lambda done, total: run.tell(done / max(total, 1), "signing"),
        public_url=here.county.settings.public_url,
        key_file=here.key_file,
        now=here.now,
    )
    return {"reissued": count}
