import io

import pytest
import zxingcpp
from PIL import Image

from geodata.errors import BadInputError
from passes.tokens.pass_code import MOST_BITS, count_bits, fits, to_code, url_start
from passes.tokens.qr_image import draw_qr, draw_qr_png, make_qr
from tests.passes.tokens.test_pass_code import LONG_ROUTE, URL, make
from tests.signed_passes import CLAIMS, KEY, fitting_claims, forge

FULL = to_code(forge(fitting_claims(CLAIMS, make, URL).to_claims()), URL)


def read(png):
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return [one.text for one in found]


def test_a_full_pass_is_read_back_to_its_url():
    assert read(draw_qr_png(FULL)) == [FULL]


def test_it_is_version_15_at_error_correction_m():
    drawn = make_qr(FULL)
    assert (drawn.version, drawn.error, drawn.is_micro) == (15, "M", False)


def test_the_svg_has_no_size_of_its_own():
    svg = draw_qr(FULL)
    assert svg.startswith("<svg")
    assert "viewBox" in svg
    assert " width=" not in svg.partition(">")[0]


def test_a_pass_with_one_point_too_many_would_need_version_16():
    points = next(n for n in range(20, 60) if not fits(make(n), kid=KEY.kid, public_url=URL))
    crowded = forge(make(min(points + 2, len(LONG_ROUTE))).to_claims())
    with pytest.raises(BadInputError, match="pass-code-too-long"):
        draw_qr(to_code(crowded, URL))


@pytest.mark.parametrize(
    "digits", [700, 850, 950, 951, 952, 953, 954, 955, 956, 957, 958, 959, 960, 961, 962, 963, 964]
)
def test_our_count_of_bits_is_that_of_the_drawer(digits):
    start = url_start(URL)
    if count_bits(start, digits) <= MOST_BITS:
        assert make_qr(start + "7" * digits).version <= 15
    else:
        with pytest.raises(BadInputError, match="pass-code-too-long"):
            make_qr(start + "7" * digits)


def test_a_small_print_with_blur_is_still_read():
    from PIL import ImageFilter

    image = Image.open(io.BytesIO(draw_qr_png(FULL, pixels_a_module=4))).convert("L")
    blurred = image.resize((300, 300), Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(0.6))
    assert [one.text for one in zxingcpp.read_barcodes(blurred)] == [FULL]
