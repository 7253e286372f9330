"""The parts of a model's help: settings, prompts, breaker, cache, numbers of sentences, and that nothing is loaded without it."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from prompts import PromptError, load
from prompts.loader import read
from retrieval.answering.quoting import numbers_in
from retrieval.model.breaker import Breaker
from retrieval.model.proposal import CALLS
from retrieval.model.replies import BadReply, ReadingReply, read_reply
from retrieval.model.settings import ModelSettings, model_settings
from store.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
PROMPTS = ROOT / "prompts"


# ── settings ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_no_model_is_asked_unless_one_is_named(tmp_path: Path) -> None:
    assert model_settings({}, tmp_path) is None
    assert model_settings({"MINGZHANG_MODEL_URL": "http://localhost:1/v1"}, tmp_path) is None


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").write_text('[model]\nname = "one"\nurl = "http://a/v1"\nseconds = 3\nask = "unsure"\n', "utf-8")
    settings = model_settings({"MINGZHANG_MODEL": "two", "MINGZHANG_MODEL_KEY": "k", "MINGZHANG_MODEL_ASK": "always"}, tmp_path)
    assert settings == ModelSettings("two", "http://a/v1", "k", ask="always", seconds=Decimal(3))


@pytest.mark.parametrize(("name", "value"), [
    ("SECONDS", "soon"), ("SECONDS", "-1"), ("SECONDS", "NaN"), ("ATTEMPTS", "1.5"), ("ASK", "never"), ("PROVIDER", "x"),
    ("WRITING", "true"), ("COLOUR", "red")])
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting) as error:
        model_settings({"MINGZHANG_MODEL": "m", f"MINGZHANG_MODEL_{name}": value}, tmp_path)
    assert name.lower() in error.value.where["name"]


def test_a_key_has_no_place_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").write_text('[model]\nname = "m"\nkey = "secret"\n', "utf-8")
    with pytest.raises(BadSetting) as error:
        model_settings({}, tmp_path)
    assert "secret" not in str(error.value.where)


def test_without_a_model_nothing_of_one_is_loaded(sample_store: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom retrieval.asking import asker_of\nfrom store.snapshot import open_snapshot\n"
        f"asker_of(open_snapshot(Path({str(sample_store)!r}))).ask('示例市教育局2024年预算三公经费多少')\n"
        "print([name for name in ('langchain_openai', 'langchain_ollama', 'langchain_core', 'openai', 'pydantic', 'httpx', "
        "'retrieval.model.assisted') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env={"PATH": ""})
    assert done.stdout.strip() == "[]"


# ── prompts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", sorted(PROMPTS.glob("*.v*.md")), ids=lambda path: path.stem)
def test_a_prompt_is_filled_with_exactly_its_variables(path: Path) -> None:
    prompt = read(path)
    values = dict.fromkeys(prompt.variables, "{{question}} {{x}}")
    assert "{{x}}" in prompt.render(**values).user
    with pytest.raises(PromptError, match="missing"):
        prompt.render()
    with pytest.raises(PromptError, match=r"extra.*more"):
        prompt.render(**values, more="")


@pytest.mark.parametrize(("content", "why"), [
    ("no front matter", "front matter"), ("---\nname: a\n---\n# system\nx\n# user\ny", "fields"),
    ("---\nname: a\nversion: 1\nvariables: x\nschema: none\n---\n# system\n\n# user\n{{y}}", "declared"),
    ("---\nname: b\nversion: 1\nvariables: x\nschema: none\n---\n# system\n\n# user\n{{x}}", "says that it is"),
    ("---\nname: a\nversion: 1\nvariables: x\nschema: none\ncolour: red\n---\n# system\n\n# user\n{{x}}", "fields"),
])
def test_a_prompt_file_that_is_not_as_it_should_be_is_refused(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "a.v1.md"
    path.write_text(content, "utf-8")
    with pytest.raises(PromptError, match=why):
        read(path)


def test_the_latest_version_of_a_prompt_is_used(tmp_path: Path) -> None:
    for version in (2, 10):
        text = f"---\nname: a\nversion: {version}\nvariables: x\nschema: none\n---\n# system\n\n# user\n{{{{x}}}}"
        (tmp_path / f"a.v{version}.md").write_text(text, "utf-8")
    assert load("a", folder=tmp_path).version == "10"
    assert load("a", "2", folder=tmp_path).version == "2"


def test_the_cases_of_the_prompt_satisfy_its_schema_and_are_read() -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((PROMPTS / "read.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    lines = (PROMPTS / "read.cases.jsonl").read_text("utf-8").splitlines()
    assert len(lines) >= 5
    for line in lines:
        reply = json.loads(line)["reply"]
        Draft202012Validator(schema).validate(reply)
        assert read_reply(ReadingReply, json.dumps(reply))
        with pytest.raises(BadReply):
            read_reply(ReadingReply, json.dumps(reply | {"amount": 0}))


def test_the_prompt_has_scores_as_it_stands() -> None:
    """A change of the prompt or its schema wants its cases asked again: python -m tests.prompt_scores."""
    scored = [json.loads(line) for line in (PROMPTS / "scores.jsonl").read_text("utf-8").splitlines()]
    assert [one for one in scored if one["prompt"] == load("read").id and one["right"] <= one["readable"] <= one["cases"]]


def test_the_prompt_names_every_call_that_is_read() -> None:
    system = load("read").system
    assert not [name for name in CALLS if f"{name}(" not in system and name not in ("rows", "kinds", "offices")]


# ── breaker ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_model_that_fails_is_left_alone_and_tried_again_later() -> None:
    now = [0.0]
    breaker = Breaker(ModelSettings("m", failures=2, rest=60), clock=lambda: now[0])
    for _ in range(2):
        assert breaker.why_not() is None
        breaker.failed()
    assert breaker.why_not() == "resting"
    now[0] = 61
    assert breaker.why_not() is None, "one tries"
    assert breaker.why_not() == "resting", "the others wait"
    breaker.succeeded()
    assert breaker.why_not() is None


def test_tokens_and_money_have_an_end() -> None:
    tokens = Breaker(ModelSettings("m", process_tokens=100))
    tokens.spent(90, 10)
    assert tokens.why_not() == "tokens"
    money = Breaker(ModelSettings("m", price_read=Decimal(2), price_written=Decimal(10), process_cost=Decimal("0.02")))
    money.spent(5000, 1000)
    assert (money.cost, money.why_not()) == (Decimal("0.02"), "cost")


# ── sentences that are pointed at ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("text", "numbers"), [
    ("公务接待费1,234.50万元，比2023年减少12%。", ["1234.50万元", "12%"]),
    ("共有车辆5辆，其中应急保障用车0辆；3.采购（2）支出12万元，见第8条。", ["5辆", "0辆", "12万元"]),
    ("吞吐量达7000万人次", ["7000万人次"]), ("618.38618.38618.380.00合计", []), ("截至2024年12月31日", []), ("2130305-水利工程建设", [])])
def test_the_numbers_of_a_sentence_are_its_amounts_and_counts(text: str, numbers: list[str]) -> None:
    assert [f"{one.number}{one.unit}" for one in numbers_in(text)] == numbers
