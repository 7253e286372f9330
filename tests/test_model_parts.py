"""The parts of a model's help: settings, prompts, breaker, cache, words that are checked, and that nothing is loaded without it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from prompts import PromptError, Rendered, load
from prompts.loader import read
from retrieval.ask import Asker
from retrieval.model.breaker import Breaker
from retrieval.model.cache import MOST, Cache, key_of
from retrieval.model.grounds import Grounds, borne_out
from retrieval.model.proof import Proof
from retrieval.model.replies import BadReply, ExcerptReply, PlanReply, QueryReply, read_reply
from retrieval.model.settings import ModelSettings, model_settings
from retrieval.model.writing import Checked, checked_clauses, clauses, is_whole
from store.errors import BadSetting
from store.snapshot import open_snapshot

ROOT = Path(__file__).resolve().parent.parent
PROMPTS = ROOT / "prompts"


# ── settings ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_no_model_is_asked_unless_one_is_named(tmp_path: Path) -> None:
    assert model_settings({}, tmp_path) is None
    assert model_settings({"MINGZHANG_MODEL_URL": "http://localhost:1/v1"}, tmp_path) is None


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "mingzhang.toml").write_text('[model]\nname = "one"\nurl = "http://a/v1"\nseconds = 3\nwriting = true\n', "utf-8")
    settings = model_settings({"MINGZHANG_MODEL": "two", "MINGZHANG_MODEL_KEY": "k", "MINGZHANG_MODEL_ASK": "always"}, tmp_path)
    assert settings == ModelSettings("two", "http://a/v1", "k", ask="always", seconds=Decimal(3), writing=True)


@pytest.mark.parametrize(("name", "value"), [
    ("SECONDS", "soon"), ("SECONDS", "-1"), ("SECONDS", "NaN"), ("ATTEMPTS", "1.5"), ("ASK", "never"), ("PROVIDER", "x"),
    ("WRITING", "perhaps"), ("COLOUR", "red")])
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


@pytest.mark.parametrize(("name", "shape"), [("plan", PlanReply), ("sql", QueryReply), ("quote", ExcerptReply)])
def test_the_cases_of_a_prompt_satisfy_its_schema_and_are_read(name: str, shape: type[PlanReply | QueryReply | ExcerptReply]) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((PROMPTS / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    lines = (PROMPTS / f"{name}.cases.jsonl").read_text("utf-8").splitlines()
    assert len(lines) >= 5
    for line in lines:
        reply = json.loads(line)["reply"]
        Draft202012Validator(schema).validate(reply)
        assert read_reply(shape, json.dumps(reply))
        with pytest.raises(BadReply):
            read_reply(shape, json.dumps(reply | {"amount": 0}))


@pytest.mark.parametrize("name", ["plan", "sql", "quote", "write"])
def test_a_prompt_has_scores_as_it_stands(name: str) -> None:
    """A change of a prompt or its schema wants its cases asked again: python -m tests.prompt_scores STORE."""
    scored = [json.loads(line) for line in (PROMPTS / "scores.jsonl").read_text("utf-8").splitlines()]
    assert [one for one in scored if one["prompt"] == load(name).id and one["right"] <= one["readable"] <= one["cases"]]


def test_the_prompts_hold_no_text_of_documents() -> None:
    variables = load("plan").variables | load("sql").variables
    assert variables <= {"question", "earlier", "agencies", "years", "named", "usual", "operations", "problem"}


# ── breaker and cache ─────────────────────────────────────────────────────────────────────────────────────────────────
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


def test_a_cached_reply_is_of_the_same_snapshot_prompt_and_model() -> None:
    rendered, other = Rendered("plan.v1:1", "s", "u", None), Rendered("plan.v2:2", "s", "u", None)
    keys = {
        key_of("a", ModelSettings("m"), rendered), key_of("b", ModelSettings("m"), rendered), key_of("a", ModelSettings("n"), rendered),
        key_of("a", ModelSettings("m"), other), key_of("a", ModelSettings("m", "http://x"), rendered)}
    assert len(keys) == 5
    cache = Cache()
    for number in range(MOST + 10):
        cache.put(str(number), "x")
    assert cache.get("0") is None
    assert cache.get(str(MOST)) == "x"


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
QUESTIONS = {
    "two things": "示例市教育局2024年预算差旅费和培训费各多少", "two years": "示例市教育局2025年预算差旅费比2024年增加多少",
    "two agencies": "示例市教育局和示例市水务局2024年预算差旅费哪个多", "a share": "示例市教育局2024年预算差旅费占培训费的百分之几",
    "a claim": "示例市教育局2024年预算差旅费是20万元吗"}


@pytest.fixture(scope="module")
def proofs(sample_store: Path) -> Iterator[dict[str, tuple[str, Proof]]]:
    """Composed answers with what texts are held against."""
    with open_snapshot(sample_store) as snapshot:
        asker = Asker.of(snapshot)
        answers = {name: asker.ask(question) for name, question in QUESTIONS.items()}
        assert answers["two things"].text == "示例市教育局2024年预算：差旅费19.16万元，培训费9.58万元。"
        yield {name: (answer.text, Proof.of(answer, asker.planner)) for name, answer in answers.items()}


def painted(text: str, proof: Proof) -> tuple[str, bool]:
    """What is shown of a text that comes in pieces, and whether it is the whole answer."""
    checked = Checked(proof)
    shown = "".join(map(checked.take, clauses(text[at : at + 2] for at in range(0, len(text), 2))))
    return shown, is_whole(shown, checked)


def test_a_composed_answer_bears_itself_out(proofs: dict[str, tuple[str, Proof]]) -> None:
    for text, proof in proofs.values():
        assert painted(text, proof) == (text, True)


@pytest.mark.parametrize("text", [
    "示例市教育局2024年的差旅费是19.16万元，培训费安排了9.58万元。[2]",
    "根据公开的资料，2024年示例市教育局预算中，差旅费为19.16万元，培训费为9.58万元。", "培训费9.58万元，差旅费19.16万元。",
    "2024年，差旅费19.16万元、培训费9.58万元。",
    "这些数字来自公开的预算。差旅费（预算）为19.16万元；培训费为9.58万元。"])
def test_a_text_that_says_what_the_answer_says_is_shown(proofs: dict[str, tuple[str, Proof]], text: str) -> None:
    shown, whole = painted(text, proofs["two things"][1])
    assert whole and shown == text.replace("[2]", "")


WRONG_WORDS = [json.loads(line) for line in (ROOT / "tests" / "model_wrong_words.jsonl").read_text("utf-8").splitlines()]
TRUE = ("差旅费19.16万元", "差旅费是19.16万元", "培训费9.58万元", "2024年")


@pytest.mark.parametrize(("name", "text"), WRONG_WORDS)
def test_a_text_that_says_anything_else_is_not(proofs: dict[str, tuple[str, Proof]], name: str, text: str) -> None:
    shown, whole = painted(text, proofs[name][1])
    assert not whole
    for true in TRUE:
        shown = shown.replace(true, "")
    assert not any(c.isdigit() for c in shown), shown


def test_a_text_that_leaves_something_out_is_not_the_whole_answer(proofs: dict[str, tuple[str, Proof]]) -> None:
    for name, text in (("two things", "差旅费为19.16万元。"), ("a claim", "示例市教育局2024年预算差旅费公布为19.16万元。")):
        assert not painted(text, proofs[name][1])[1], text


def test_what_was_checked_stays_true_when_a_correction_follows(proofs: dict[str, tuple[str, Proof]]) -> None:
    for after in ("更正：以上有误，应为9.58万元。", "这不对。", "（以上为假）", "不，是28.74万元。"):
        shown, whole = painted(f"差旅费19.16万元，{after}培训费9.58万元。", proofs["two things"][1])
        assert shown.startswith("差旅费19.16万元，")
        assert not set("更误假不") & set(shown)
        assert not whole


def test_nothing_is_painted_before_its_clause_is_whole_and_checked(proofs: dict[str, tuple[str, Proof]]) -> None:
    pieces = list("差旅费是19.16万元，培训费是99.99万元。")
    assert list(checked_clauses(pieces, proofs["two things"][1])) == ["差旅费是19.16万元，"]


def test_the_cases_of_the_phrasing_prompt_are_shown_or_not_as_they_say(rules: Asker) -> None:
    for line in (PROMPTS / "write.cases.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        answer = rules.ask(case["question"])
        assert answer.text == case["answer"]
        assert painted(case["reply"], Proof.of(answer, rules.planner))[1] == case["shown"], case["reply"]


# ── what a question's own words settle ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("question", "unread"), [
    ("示例市教育局2024年预算公务接待费花了几个钱", ()), ("三家单位2024年预算的差旅费凑一块儿是多少", ()),
    ("示例市教育局2024年预算外星接待专项的差旅费", ("外星", "专项"))])
def test_words_that_nobody_read_are_not_dropped(rules: Asker, question: str, unread: tuple[str, ...]) -> None:
    found = Grounds.of(rules.planner.plan(question), rules.planner).unread
    assert bool(found) == bool(unread)


@pytest.mark.parametrize(("question", "fits", "contradicts"), [
    ("示例市教育局2024年预算差旅费比上年降了多少", "growth", "lookup"), ("三家2024年预算差旅费凑一块儿多少", "sum", "lookup"),
    ("示例市教育局三年预算里差旅费最低的那年", "rank", "sum"), ("示例市教育局2024年预算人均差旅费", None, "lookup"),
    ("示例市教育局2024年预算差旅费占会议费百分之几", "share", "lookup")])
def test_what_is_done_must_be_what_the_question_says(rules: Asker, question: str, fits: str | None, contradicts: str) -> None:
    grounds = Grounds.of(rules.planner.plan(question), rules.planner)
    assert grounds.against(contradicts) is not None
    assert fits is None or (borne_out(grounds, fits) and grounds.against(fits) is None)
