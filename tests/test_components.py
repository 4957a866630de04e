"""The spaCy components: found without importing us, lossless, and saying the same as the parser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

spacy = pytest.importorskip("spacy")
from spacy.tokens import DocBin  # noqa: E402

import extract  # noqa: E402

TEXT = (
    "2023年通过微信公众号推送信息140余条，未发生行政复议、行政诉讼。\n"
    "存在以下不足：一是人手不足，全镇仅有兼职人员2名；二是栏目更新还不够及时。"
)
FIELDS = ("text", "start", "end", "value", "unit", "bound", "negated", "object", "metric", "channel")


@pytest.fixture(scope="module")
def nlp():
    return extract.load("rules")


def test_components_are_found_by_their_entry_points():
    code = (
        "import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('gongkai_figures')\n"
        "doc = nlp('公开信息12条。'); print(len(doc.spans['gongkai_figures']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_figures_and_platforms_are_those_of_the_plain_functions(nlp):
    from extract.figures import find_figures
    from extract.platforms import find_platforms

    doc = nlp(TEXT)
    unit = doc.spans["gongkai_units"][0]
    platforms = find_platforms(unit.text)
    expected = find_figures(unit.text, platforms, section=unit._.gongkai["section"])
    found = [span._.gongkai for span in doc.spans["gongkai_figures"]][: len(expected)]
    assert [{name: one[name] for name in FIELDS} for one in found] == [
        {name: one.to_dict()[name] for name in FIELDS} for one in expected
    ]
    assert [span.label_ for span in doc.spans["gongkai_platforms"]] == ["wechat"]


def test_absences_that_share_a_span_keep_their_own_fields(nlp):
    doc = nlp("全年未发生行政复议、行政诉讼。")
    assert [span._.gongkai["object"] for span in doc.spans["gongkai_figures"]] == ["行政复议", "行政诉讼"]


def test_units_carry_kind_themes_and_exact_offsets(nlp):
    doc = nlp(TEXT)
    for span in doc.spans["gongkai_units"]:
        unit = span._.gongkai
        assert TEXT[unit["start"] : unit["end"]] == unit["text"]
        assert span.label_ == unit["kind"]
    assert {span.label_ for span in doc.spans["gongkai_themes"]} >= {"staffing", "timeliness"}


def test_the_pipeline_says_what_parse_says(nlp):
    report = extract.parse(Path(__file__).parent.parent / "samples" / "report.txt")
    section = next(one for one in report.sections if one.id == "problems")
    body = report.text[section.start : section.end]
    doc = nlp(body)
    expected = [unit.text for unit in report.units if unit.section == "problems"]
    assert [span._.gongkai["text"] for span in doc.spans["gongkai_units"]] == expected


def test_disk_docbin_and_pipe_lose_nothing(nlp, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    docs = list(again.pipe([TEXT, "无。"], batch_size=2))
    data = DocBin(store_user_data=True, docs=docs).to_bytes()
    first = next(iter(DocBin(store_user_data=True).from_bytes(data).get_docs(nlp.vocab)))
    kept = [span._.gongkai for span in first.spans["gongkai_figures"]]
    assert kept == [span._.gongkai for span in docs[0].spans["gongkai_figures"]]
    assert kept


def test_displacy_shows_the_spans(nlp):
    page = spacy.displacy.render(nlp(TEXT), style="span", options={"spans_key": "gongkai_units"}, page=True)
    assert "problem" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_another_tokenizer_keeps_exact_offsets():
    nlp = spacy.blank("xx")  # one token a line of Chinese: spans grow, offsets stay
    nlp.add_pipe("gongkai_figures")
    doc = nlp("全年推送信息140余条。")
    span = doc.spans["gongkai_figures"][0]
    assert span._.gongkai["text"] == "140余条"
    assert (span._.gongkai["start"], span._.gongkai["end"]) == (6, 11)


def labels(doc):
    return [(span.text, span.label_) for span in doc.spans["gongkai_units"]]


def test_a_package_of_the_pipeline_is_built_and_loads_by_its_name(nlp, tmp_path, monkeypatch):
    """`spacy package`, but for the last step, which needs build tools: its setup.py copies the meta.json."""
    import importlib
    import shutil

    nlp.meta["name"], nlp.meta["version"] = "gongkai", "0.1.0"
    nlp.meta["requirements"] = ["gongkai"]
    nlp.to_disk(tmp_path / "pipeline")
    (tmp_path / "out").mkdir()
    command = [sys.executable, "-m", "spacy", "package", tmp_path / "pipeline", tmp_path / "out"]
    subprocess.run([*command, "--build", "none"], check=True, capture_output=True)
    built = tmp_path / "out" / "zh_gongkai-0.1.0"
    shutil.copy(built / "meta.json", built / "zh_gongkai")
    monkeypatch.syspath_prepend(built)
    again = importlib.import_module("zh_gongkai").load()
    assert labels(again(TEXT)) == labels(nlp(TEXT))


def test_pipe_in_several_processes_says_the_same(nlp):
    texts = [TEXT, "无。", "公开信息12条。"]
    for one, other in zip(nlp.pipe(texts, n_process=2), nlp.pipe(texts)):
        for key in ("gongkai_units", "gongkai_figures", "gongkai_platforms", "gongkai_themes"):
            assert [span._.gongkai for span in one.spans[key]] == [
                span._.gongkai for span in other.spans[key]
            ]


def test_bytes_and_pairs_with_a_context_go_through(nlp):
    again = spacy.blank("zh")
    for name in nlp.pipe_names:
        again.add_pipe(name, config={"model": "rules"} if name == "gongkai_units" else {})
    again.from_bytes(nlp.to_bytes())
    ((doc, context),) = again.pipe([(TEXT, {"id": 7})], as_tuples=True)
    assert context == {"id": 7}
    assert labels(doc) == labels(nlp(TEXT))


def test_the_default_model_is_used_where_none_is_named():
    from extract.classify import load_model
    from extract.tag import split_narrative

    doc = extract.load()(TEXT)
    found = [(span._.gongkai["text"], span.label_) for span in doc.spans["gongkai_units"]]
    assert found == [(unit.text, unit.kind) for unit in split_narrative(TEXT, load_model())]


def test_a_section_that_there_is_not_is_told_when_the_pipe_is_added():
    pipeline = spacy.blank("zh")
    with pytest.raises(ValueError, match="no section 'problem'; there are: preamble"):
        pipeline.add_pipe("gongkai_units", config={"section": "problem"})
