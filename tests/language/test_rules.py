"""The grammar's data is true of itself: every example of a rule is read by it, wholly; what can't be a rule is named."""

from __future__ import annotations

import re

import pytest

from retrieval.language import grammar
from retrieval.language.grammar import BUILDERS, Rule, Slot, rules, rules_of
from retrieval.language.reader import Reader
from retrieval.words.grammar import load
from store.vocabulary import VocabularyError

from .without_store import AGENCIES, reader_of

EXAMPLES = [(rule, example) for rule in rules() for example in rule.examples]
SHARE = """
[[rule]]
id = "share"
needs = ["SHARE"]
rest = "part"
builds = "ratio"
examples = ["甲占乙", "甲占丙", "乙占丙"]
"""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return reader_of()


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda value: value.id if isinstance(value, Rule) else value)
def test_every_example_of_a_rule_is_read_wholly_and_by_it(
    rule: Rule, example: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    understood = reader.read(example, AGENCIES[:1])[0]
    assert understood.expression is not None
    assert not [one.text for one in understood.unread], "words that were not read"
    assert not [one.text for one in understood.ignored], "cues without effect"
    if rule.id not in understood.rules:  # another rule is cheaper: it must mean the same
        others = {name for name in understood.rules if name != rule.id}
        monkeypatch.setattr(grammar, "rules", lambda: tuple(one for one in rules() if one.id not in others))
        by_rule = next((one for one in reader.read(example, AGENCIES[:1]) if rule.id in one.rules), None)
        assert by_rule is not None, f"read by {understood.rules}, and never by it"
        assert by_rule.expression == understood.expression


def test_every_builder_is_built_by_a_rule() -> None:
    assert {rule.builds for rule in rules()} == set(BUILDERS)
    assert len({rule.id for rule in rules()}) == len(rules())


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (SHARE.replace('"SHARE"', '"SHARES"'), "rule share: no cue is called SHARES"),
        (SHARE.replace('"ratio"', '"ration"'), "rule share: no builder is called ration"),
        (SHARE.replace(', "乙占丙"', ""), "rule share: 3 examples at least"),
        (SHARE.replace("examples", "weights"), "rule share: a rule has no weights"),
        (SHARE.replace('rest = "part"', ""), "rule share: 'rest' is missing"),
        (SHARE.replace('needs = ["SHARE"]', ""), "rule share: nothing that it needs"),
        (SHARE.replace('needs = ["SHARE"]', 'split = "SHARE"'), "rule share: 'left' is missing"),
        (SHARE + SHARE.replace('"SHARE"', '"SHARE|SHAER"').replace('"share"', '"other"'), "line 9: rule other: no cue is called SHAER"),
    ],
)
def test_what_cannot_be_a_rule_is_named_with_its_file_and_line(broken: str, told: str) -> None:
    with pytest.raises(VocabularyError) as caught:
        rules_of("grammar/rules/shares.toml", broken)
    assert "data/grammar/rules/shares.toml, line " in str(caught.value)
    assert told in str(caught.value)


def test_a_sound_file_is_read() -> None:
    (rule,) = rules_of("grammar/rules/shares.toml", SHARE)
    assert (rule.id, rule.family, rule.slots, rule.needs) == ("share", "shares", (Slot("part", "any", False),), (frozenset({"SHARE"}),))


def test_what_rose_most_is_two_words() -> None:
    """A cue word that also ranks would keep the rules from seeing both: 降得最多 is 降, 得, 最多."""
    for name in ("UP", "DOWN"):
        assert not [word for word in load("cues.toml")[name]["words"] if re.search("最", word)]


def test_every_cue_says_what_it_does_and_has_words() -> None:
    for name, entry in load("cues.toml").items():
        assert name.isupper() and entry["does"] and entry["words"], name
        assert len(set(entry["words"])) == len(entry["words"]), name
