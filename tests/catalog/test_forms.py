"""Forms that residents fill in by hand: blank and filled in, linked from the material that asks for them."""

import pytest

from catalog.model import Catalogue
from catalog.pages import plan
from catalog.release import assemble
from tests.support.catalogue import ALLOWANCE, Content
from tests.support.site import ROOT

FORM = """slug: wei-tuo-shu
title: 委托书
notes: 由本人填写
fields:
  - {label: 委托人姓名, sample: 王样例}
  - {label: 委托办什么事, sample: "申请<津贴>", lines: 3}
pledge: 以上都是我本人的意思
signers: [委托人, 代办人]
"""


@pytest.fixture
def catalogue(content: Content) -> Catalogue:
    (content.root / "forms").mkdir()
    content.write("forms/wei-tuo-shu.yaml", FORM)
    content.edit(ALLOWANCE, "    when: 请人代办时\n", "    when: 请人代办时\n    site_form: wei-tuo-shu\n")
    assert content.faults() == []
    loaded = content.load().catalogue
    assert loaded is not None
    return loaded


def test_a_material_leads_to_its_form_and_to_how_it_is_filled_in(catalogue: Catalogue) -> None:
    files, problems = assemble(catalogue, ROOT / "templates")
    assert problems == []
    guide = files["items/gao-ling-jin-tie.html"].decode()
    assert '<a href="/forms/wei-tuo-shu.html">空白表格</a>' in guide
    assert '<a href="/forms/wei-tuo-shu-sample.html">填好的样子</a>' in guide
    assert b"/elder/forms/wei-tuo-shu.html" in files["elder/items/gao-ling-jin-tie.html"]


def test_the_blank_form_has_no_sample_and_the_sample_says_what_it_is(catalogue: Catalogue) -> None:
    files, _ = assemble(catalogue, ROOT / "templates")
    blank, filled = (files[f"forms/wei-tuo-shu{end}.html"].decode() for end in ("", "-sample"))
    assert "王样例" not in blank and "王样例" in filled and "样张，内容虚构" in filled
    assert "申请&lt;津贴&gt;" in filled and "以上都是我本人的意思。" in blank
    assert blank.count("签字或按手印") == 2 and 'class="lines-3"' in blank


def test_content_without_forms_has_no_such_pages(content: Content) -> None:
    loaded = content.load().catalogue
    assert loaded is not None
    assert not [page for page in plan(loaded) if page.address.startswith("/forms/")]
