"""What kinds of long work there are: who does each, and which page shows what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from passes.jobs_register import Job
    from web.jobs.run import Run

#: Does one job and returns what came of it, JSON-ready. It may be called again for the same job after a worker died.
Work = Callable[["Run"], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of long work.

    Attributes
    ----------
    name
        What people call it.
    work
        "module:function" of its `Work`, imported when first done.
    endpoint
        The page that shows the result; it takes what `page_values` of the job's parameters names.
    page_values
        Which parameters of the job the page's address takes.
    """

    name: LazyString
    work: str
    endpoint: str
    page_values: tuple[str, ...] = ()

    def load(self) -> Work:
        """Import the function that does the work."""
        module, _, name = self.work.partition(":")
        work: Work = getattr(import_module(module), name)
        return work

    def values(self, job: Job) -> dict[str, Any]:
        """Return what the address of the result's page takes."""
        return {name: job.parameters[name] for name in self.page_values}


KINDS: Final[Mapping[str, Kind]] = {
    "plan": Kind(_l("What-if of an area"), "web.planner.work:answer", "planner.show", ("plan_id",)),
    "applications": Kind(_l("Applications of a file"), "web.firm.batches:work", "firm.batch", ("batch_id",)),
    "reissue": Kind(_l("Passes of a withdrawn key signed again"), "web.keys.work:reissue", "keys.show"),
}
#: What a job is doing, by the code that its work tells.
STEPS: Final[Mapping[str, LazyString]] = {
    "": _l("Waiting for its turn"),
    "rows": _l("Reading the rows"),
    "filing": _l("Filing applications and issuing what is clean"),
    "roads": _l("Looking for roads inside, and for the fewest posts"),
    "people": _l("Looking who would be cut off"),
    "passes": _l("Planning the routes of affected passes again"),
    "signing": _l("Signing passes again"),
    "summary": _l("Writing the answer down"),
}
STATES: Final[Mapping[str, LazyString]] = {
    "queued": _l("Waiting"),
    "running": _l("At work"),
    "done": _l("Finished"),
    "failed": _l("Interrupted"),
    "cancelled": _l("Cancelled"),
}
