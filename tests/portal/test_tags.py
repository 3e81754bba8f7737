"""Template tags: how a form field is rendered, and the doctests of the filters."""

from __future__ import annotations

import doctest

from django import forms
from django.template import Context, Template

from portal import views
from portal.templatetags import bancheng


class Sample(forms.Form):
    text = forms.CharField(
        label="说明",
        help_text="一两句话就行",
        max_length=20,
        widget=forms.Textarea,
        error_messages={"required": "请写说明。"},
    )
    way = forms.ChoiceField(
        label="方式",
        choices=[("a", "短信"), ("b", "电话")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选方式。"},
    )
    note = forms.CharField(label="备注", required=False, widget=forms.TextInput(attrs={"placeholder": "如"}))
    agree = forms.BooleanField(label="同意", help_text="可以撤回", error_messages={"required": "请先同意。"})


def rendered(source: str, data: dict[str, str] | None = None) -> str:
    return Template(source).render(Context({"form": Sample(data)}))


def test_the_filters_do_what_their_examples_say():
    for module in (bancheng, views):
        assert doctest.testmod(module).failed == 0


def test_a_field_has_a_label_and_its_hint_is_announced():
    page = rendered("{% field form.text %}")
    assert '<label class="bc-field__label" for="id_text">说明</label>' in page
    assert 'aria-describedby="id_text-hint"' in page
    assert "aria-invalid" not in page


def test_a_wrong_field_says_so_in_words_and_to_screen_readers():
    page = rendered("{% field form.text %}", {})
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_text-hint id_text-error"' in page
    assert "请写说明。" in page[page.index('id="id_text-error"') :]


def test_a_text_area_counts_but_never_cuts_what_is_pasted():
    page = rendered("{% field form.text %}")
    assert 'data-max="20"' in page
    assert "maxlength" not in page


def test_only_what_may_be_left_out_is_marked_and_no_placeholder_plays_label():
    page = rendered("{% field form.note %}")
    assert "备注（选填）" in page
    assert "placeholder" not in page
    assert "（选填）" not in rendered("{% field form.text %}")


def test_choices_are_a_group_with_a_legend_and_number_keys_on_request():
    page = rendered("{% field form.way numbered=True %}", {"way": "b"})
    assert '<legend class="bc-field__label">方式</legend>' in page
    assert "data-numbered" in page
    assert page.count("<kbd") == 2
    assert 'value="b" id="id_way_1" checked' in page


def test_the_summary_links_each_error_to_the_control_it_is_about():
    page = rendered("{% error_summary form %}", {})
    for target, words in (("id_text", "请写说明。"), ("id_way_0", "请选方式。"), ("id_agree", "请先同意。")):
        assert f'<a href="#{target}">{words}</a>' in page
    assert 'role="alert"' in page


def test_what_a_person_typed_is_never_markup():
    page = rendered(
        "{% field form.text %}{% error_summary form %}", {"text": "</textarea><img src=x onerror=alert(1)>"}
    )
    assert "<img" not in page
    assert Template("{{ text|hours }}").render(Context({"text": "<b>9:00-12:00"})).startswith("&lt;b&gt;")
