"""Answer a what-if in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geodata.closures.register import closure_set_version
from passes.area_plans.area_plan import answer_plan
from passes.area_plans.plan_inputs import read_inputs
from passes.area_plans.plans_register import digest_of, keep_answer, read_plan
from web.jobs.run import Run

if TYPE_CHECKING:
    import sqlalchemy as sa


def answer(run: Run) -> Mapping[str, Any]:
    """Answer the plan that a job names; the roads, closures and passes of one moment count."""
    county, plan_id = run.site.county, str(run.job.parameters["plan_id"])
    with run.reading() as connection:
        plan = read_plan(connection, plan_id)
        result = answer_plan(
            read_inputs(plan.inputs),
            connection=connection,
            county=county,
            engine=run.site.network.engine(connection, keeps=True),
            at=plan.created_at,
            tell=run.tell,
        )
        version = closure_set_version(connection)
    digest = digest_of(plan.inputs, network_digest=county.network.digest, closure_set_version=version)

    def keep(connection: sa.Connection) -> Mapping[str, Any]:
        keep_answer(connection, plan_id, result, digest=digest, at=run.site.now())
        return {"digest": digest}

    return run.step("answer", keep)
