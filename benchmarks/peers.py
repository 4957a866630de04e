"""What a user would glue together instead: the references of the benchmark, each a whole process.

`python -m benchmarks.peers lean FOLDER`: jieba and a scikit-learn pipeline a report, patterns, JSON.
`python -m benchmarks.peers spacy FOLDER`: spaCy with the jieba tokenizer, an entity ruler, the same model.
Both split paragraphs at sentence ends and find plain counts; neither reads a table.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

COUNT = re.compile(r"(?:近|约|超过)?\d[\d.,]*(?:万|亿)?(?:余|多)?(?:条|份|件|次|个|期|篇|场|人次|人|元|%)")
PLATFORM_WORDS = (
    "政府网站",
    "门户网站",
    "微信公众号",
    "微博",
    "公开栏",
    "公示栏",
    "微信群",
    "抖音",
    "广播",
    "明白卡",
    "宣传单",
)
KINDS = ("problem", "measure", "proactive", "request")
EXAMPLES = ("公开内容不够全面", "下一步将加强培训", "公开信息多条", "未收到公开申请")


def read_units(path: Path) -> list[str]:
    """The sentences of the paragraphs that hold any."""
    text = path.read_bytes().decode("utf-8", "replace")
    lines = [line for line in text.split("\n") if "。" in line]
    return [part for line in lines for part in re.split(r"(?<=[。；])", line) if len(part) > 4]


def fit_classifier() -> Any:
    """A linear model over jieba's words; four examples do, since only its cost counts."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    jieba.setLogLevel(60)
    vectorizer = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    return make_pipeline(vectorizer, LinearSVC()).fit(EXAMPLES, KINDS)


def lean(files: list[Path]) -> None:
    """Goal 2's reference."""
    classifier = fit_classifier()
    platform = re.compile("|".join(PLATFORM_WORDS))
    for path in files:
        units = read_units(path)
        kinds = classifier.predict(units).tolist() if units else []
        rows = [
            {"text": unit, "kind": kind, "figures": COUNT.findall(unit), "platforms": platform.findall(unit)}
            for unit, kind in zip(units, kinds)
        ]
        print(json.dumps(rows, ensure_ascii=False))


def with_spacy(files: list[Path]) -> None:
    """Goal 3's reference."""
    import spacy

    classifier = fit_classifier()
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "platform", "pattern": word} for word in PLATFORM_WORDS])
    texts = ((unit, number) for number, path in enumerate(files) for unit in read_units(path))
    for doc, number in nlp.pipe(texts, as_tuples=True, batch_size=256):
        kind = classifier.predict([doc.text])[0]
        found = [entity.text for entity in doc.ents]
        print(json.dumps([number, doc.text, kind, COUNT.findall(doc.text), found], ensure_ascii=False))


if __name__ == "__main__":
    found = sorted(Path(sys.argv[2]).rglob("*.txt"))
    {"lean": lean, "spacy": with_spacy}[sys.argv[1]](found)
