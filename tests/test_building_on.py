"""What others build on keeps its promises with each ecosystem's own client: LangChain, MCP, HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from mcp import Client, MCPError, StdioServerParameters

from retrieval.browse import ReadCell, ReadRow, ReadTable, TableEntry
from retrieval.finding import Scope, find_figures, find_passages
from retrieval.for_langchain import FigureRetriever, PassageRetriever, answer_tool
from serving.gate import Gate, Limits
from serving.opened import OpenStore
from serving.operations import OPERATIONS
from serving.schemas import FOLDER, bundled
from serving.table_text import table_text
from store.errors import AnswerTookTooLong, MingzhangError, TooBusy
from store.snapshot import publish

ROOT = Path(__file__).resolve().parent.parent
MINGZHANG = Path(sys.executable).parent / "mingzhang"
QUESTION = "示例市水务局2024年三公经费多少"
CLAIM = "示例市水务局2023年公务接待费是12万元"


@pytest.fixture(scope="module")
def opened(sample_store: Path) -> OpenStore:
    return OpenStore(sample_store)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def served(*arguments: str | Path) -> Generator[str]:
    """The address of a server of the program, once it listens."""
    port = free_port()
    process = subprocess.Popen(
        [MINGZHANG, *arguments, "--port", str(port)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            time.sleep(0.2)
            assert process.poll() is None, process.stdout and process.stdout.read()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield address
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="module")
def api(sample_store: Path) -> Generator[httpx.Client]:
    with served("api", "--store", sample_store) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def mcp_address(sample_store: Path) -> Generator[str]:
    with served("mcp", "--http", "--store", sample_store) as address:
        yield address + "/mcp"


def valid(value: object, schema: dict[str, Any]) -> Any:
    plain = json.loads(json.dumps(value))
    jsonschema.Draft202012Validator(schema).validate(plain)
    return plain


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_figures_are_found_by_words_and_their_answer_comes_first(opened: OpenStore) -> None:
    asker = opened.now().asker
    cited = [citation.figure_id for citation in asker.ask(QUESTION).citations]
    found = find_figures(asker, QUESTION)
    assert cited and {cell.figure_id for cell in found[:len(cited)]} == set(cited)
    assert {cell.agency for cell in found} == {"示例市水务局"}


def test_whatever_an_answer_cites_is_among_what_is_found(opened: OpenStore) -> None:
    """Also where no word of the question names the figure: the largest of many, a change against the year before."""
    asker = opened.now().asker
    lines = (ROOT / "tests" / "questions" / "samples.jsonl").read_text("utf-8").splitlines()
    for case in [json.loads(line) for line in lines][::30]:
        answer = asker.ask(case["question"])
        cells = {citation.figure_id for citation in answer.citations if citation.cell}
        assert cells <= {cell.figure_id for cell in find_figures(asker, case["question"], limit=100)}, case["question"]
        if answer.route == "narrative" and answer.citations:
            assert find_passages(asker, case["question"]), case["question"]


def test_a_scope_narrows_what_is_found(opened: OpenStore) -> None:
    found = find_figures(opened.now().asker, "培训费", Scope("教育局", 2024, "final"))
    assert found and {(cell.agency, cell.year, cell.kind, cell.item) for cell in found} == {("示例市教育局", 2024, "final", "培训费")}
    assert find_figures(opened.now().asker, "培训费", Scope("不在这里的单位")) == []
    assert find_passages(opened.now().asker, "主要职责", Scope(year=1999)) == []


@pytest.mark.parametrize("words", ["？？？", "SELECT * FROM figures", "天气", "'; DROP TABLE figures; --", "\u0000", "x" * 2000])
def test_words_that_mean_nothing_here_find_nothing_and_break_nothing(opened: OpenStore, words: str) -> None:
    assert find_figures(opened.now().asker, words) == []
    find_passages(opened.now().asker, words)


def test_what_a_document_prints_is_shown_and_never_rendered() -> None:
    entry = TableEntry("t", None, "表 <b>", "万元", (1,), ("![x](http://evil.example/a.png)",), False)
    row = ReadRow("a|b [c](http://evil.example)", 0, None, (ReadCell("f", "**", 1, None, None),))
    text = table_text(ReadTable(entry, (("预算数",),), (row,)), "f")
    assert not re.search(r"(?<!\\)[<\[]", text)
    assert "| a\\|b " in text and "**\\*\\***" in text


# ── LangChain ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_retriever_gives_figures_whose_metadata_is_the_citation(opened: OpenStore) -> None:
    documents = FigureRetriever(asker=opened.now().asker, limit=4).invoke(QUESTION)
    schema = bundled("answer", "citation")[0]
    assert 0 < len(documents) <= 4
    for document in documents:
        cited = valid(document.metadata, schema)
        assert cited["cell"] in document.page_content
        assert cited["figure_id"] == document.id


def test_a_retriever_gives_passages_whose_quote_is_printed(opened: OpenStore) -> None:
    documents = PassageRetriever(asker=opened.now().asker, scope=Scope(agency="图书馆", year=2024), limit=3).invoke("主要职责是什么")
    assert documents and documents[0].metadata["score"] > 0
    for document in documents:
        cited = valid(document.metadata, bundled("answer", "citation")[0])
        assert cited["document"]["agency"] == "示例市图书馆"
        assert "".join(cited["quote"].split()) in "".join(document.page_content.split())


def test_retrievers_work_in_async_chains(opened: OpenStore) -> None:
    documents = asyncio.run(FigureRetriever(asker=opened.now().asker).ainvoke(QUESTION))
    assert documents


class Scripted(BaseChatModel):
    """A chat model that calls the tool it was given, then repeats the tool's first line."""

    tool_names: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.model_copy(update={"tool_names": tuple(tool.name for tool in tools)})

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **_: Any,
    ) -> ChatResult:
        last = messages[-1]
        if isinstance(last, ToolMessage):
            reply = AIMessage(str(last.content).splitlines()[0])
        else:
            reply = AIMessage("", tool_calls=[{"name": self.tool_names[0], "args": {"question": last.content}, "id": "1"}])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def test_a_model_can_be_bound_to_the_tool_and_gets_evidence(opened: OpenStore) -> None:
    tool = answer_tool(opened.now().asker)
    model = Scripted().bind_tools([tool])
    called = model.invoke(QUESTION)
    told = tool.invoke(called.tool_calls[0])
    assert isinstance(told, ToolMessage)
    artifact = valid(told.artifact, OPERATIONS["ask"].gives)
    assert artifact["citations"][0]["cell"] in told.content
    assert model.invoke([told]).content == artifact["answer"].splitlines()[0]
    assert tool.args_schema is not None and "question" in tool.args


def test_the_tool_says_no_in_words(opened: OpenStore) -> None:
    told = answer_tool(opened.now().asker).invoke({"question": "今天天气怎么样"})
    assert told and not re.search(r"\[1\]", told)


def test_nothing_else_loads_langchain_or_mcp() -> None:
    script = (
        "import sys, retrieval.ask, retrieval.finding, retrieval.sources, serving.operations, serving.http_api, cli.main\n"
        "from cli.main import run\nrun(['--help'])\nprint(sorted(sys.modules), file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not [name for name in ("langchain_core", "langchain", "mcp") if f"'{name}'" in done.stderr]


# ── MCP ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
async def _round_trip(target: StdioServerParameters | str) -> None:
    """Every tool and resource, called by the official client, which also checks each result against its output schema."""
    async with Client(target) as client:
        assert "data" in (client.instructions or "")
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == set(OPERATIONS)
        for tool in tools.values():
            assert tool.annotations and tool.annotations.read_only_hint and tool.output_schema and tool.description
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            jsonschema.Draft202012Validator.check_schema(tool.output_schema)

        async def call(name: str, arguments: dict[str, Any]) -> Any:
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result.content
            return valid(result.structured_content, tools[name].output_schema or {}), result.content

        answer, content = await call("ask", {"question": QUESTION})
        assert answer["citations"][0]["cell"] in content[0].text
        follow_up, _ = await call("ask", {"question": "那2023年呢", "dialog": [QUESTION]})
        assert follow_up["citations"][0]["document"]["year"] == 2023
        checked, content = await call("check", {"claim": CLAIM})
        assert checked["verdict"] == "refuted" and content[0].text.startswith("verdict: refuted")
        found, _ = await call("find_figures", {"words": "公务接待费", "agency": "水务局", "year": 2024, "kind": "final", "limit": 5})
        assert found["figures"] and {each["item"] for each in found["figures"]} == {"公务接待费"}
        listed, _ = await call("list_disclosures", {"agency": "水务局", "kind": "budget"})
        assert listed["total"] == len(listed["disclosures"]) == 3
        printed = next(each for each in found["figures"] if each["citation"]["document"]["file"].endswith(".pdf"))
        source, content = await call("open_source", {"figure_id": printed["figure_id"], "as": "picture"})
        assert f"**{printed['citation']['cell']}**" in source["text"]
        assert base64.b64decode(content[1].data).startswith(b"\x89PNG")

        for name, arguments in (("ask", {}), ("ask", {"question": " "}), ("find_figures", {"words": "费", "limit": 10_000}),
                                ("open_source", {"figure_id": "../../etc/passwd"}), ("ask", {"question": "多少", "sql": "SELECT 1"})):
            refused = await client.call_tool(name, arguments)
            assert refused.is_error and refused.content[0].text.startswith("bad_request\n"), (name, arguments)
        assert (await client.call_tool("open_source", {"figure_id": "000000000000-00001"})).is_error
        with pytest.raises(MCPError):
            await client.call_tool("delete_everything", {})

        assert {str(each.uri) for each in (await client.list_resources()).resources} == {"mingzhang://glossary", "mingzhang://disclosures"}
        templates = (await client.list_resource_templates()).resource_templates
        assert {each.uri_template for each in templates} == {"mingzhang://documents/{id}", "mingzhang://tables/{id}"}
        document = printed["citation"]["document"]["id"]
        for address, holds in (("glossary", "三公"), ("disclosures", "示例市水务局"), (f"documents/{document}", "mingzhang://tables/"),
                               (f"tables/{printed['citation']['table_id']}", printed["citation"]["cell"])):
            read = (await client.read_resource(f"mingzhang://{address}")).contents[0]
            assert read.mime_type == "text/markdown" and holds in read.text
        for address in ("documents/none", "tables/", "nothing"):
            with pytest.raises(MCPError):
                await client.read_resource(f"mingzhang://{address}")


def test_every_mcp_tool_makes_the_round_trip_over_stdio(sample_store: Path) -> None:
    asyncio.run(_round_trip(StdioServerParameters(command=str(MINGZHANG), args=["mcp", "--store", str(sample_store)])))


def test_every_mcp_tool_makes_the_round_trip_over_streamable_http(mcp_address: str) -> None:
    asyncio.run(_round_trip(mcp_address))


def test_an_older_client_is_served_too(mcp_address: str) -> None:
    async def talk() -> str:
        async with Client(mcp_address, mode="legacy") as client:
            return (await client.call_tool("ask", {"question": QUESTION})).content[0].text  # pyright: ignore[reportAttributeAccessIssue]

    assert "万元" in asyncio.run(talk())


def test_mcp_over_http_refuses_foreign_hosts_and_long_bodies(mcp_address: str) -> None:
    headers = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    assert httpx.post(mcp_address, content=b"{}", headers=headers | {"host": "evil.example"}).status_code in (403, 421)
    assert httpx.post(mcp_address, content=b" " * 600_000, headers=headers).status_code == 413


def test_without_the_extra_the_command_says_what_to_install(sample_store: Path) -> None:
    script = (
        "import sys\nfrom importlib import util\nreal = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'mcp' else real(name, package)\n"
        f"from cli.main import run\nsys.exit(run(['--lang', 'en', 'mcp', '--store', {str(sample_store)!r}]))")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert 'uv pip install -e ".[mcp]"' in done.stderr and "Traceback" not in done.stderr


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def schema_of(api: httpx.Client, path: str, method: str = "get", status: str = "200") -> dict[str, Any]:
    """What /openapi.json promises for a path, as a schema that stands alone."""
    described = api.get("/openapi.json").json()
    content = described["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    return content | {"components": described["components"]}


@pytest.mark.parametrize(("path", "arguments", "name"), [
    ("/ask", {"question": QUESTION}, "ask"),
    ("/ask", {"question": "那2023年呢", "dialog": [QUESTION]}, "ask"),
    ("/check", {"claim": CLAIM}, "check"),
    ("/figures", {"words": "公务接待费", "year": 2024, "limit": 3}, "find_figures"),
    ("/disclosures", {"agency": "水务局", "offset": 1}, "list_disclosures"),
])
def test_get_and_post_give_what_the_description_promises(api: httpx.Client, path: str, arguments: dict[str, Any], name: Any) -> None:
    got, posted = api.get(path, params=arguments), api.post(path, json=arguments)
    assert got.status_code == posted.status_code == 200
    one, other = (valid(reply.json(), schema_of(api, path)) for reply in (got, posted))
    valid(one, OPERATIONS[name].gives)
    assert {key: value for key, value in one.items() if key != "milliseconds"} == {
        key: value for key, value in other.items() if key != "milliseconds"}


def test_the_api_answers_what_the_command_line_answers(api: httpx.Client, sample_store: Path) -> None:
    done = subprocess.run([MINGZHANG, "ask", QUESTION, "--store", sample_store, "--json"], capture_output=True, text=True, check=True)
    printed, got = json.loads(done.stdout), api.get("/ask", params={"question": QUESTION}).json()
    assert {key: value for key, value in printed.items() if key != "milliseconds"} == {
        key: value for key, value in got.items() if key != "milliseconds"}


def test_a_source_opens_as_table_and_as_picture(api: httpx.Client) -> None:
    figures = api.get("/figures", params={"words": "公务接待费", "limit": 60}).json()["figures"]
    by_format = {Path(each["citation"]["document"]["file"]).suffix: each for each in figures}
    pdf, html = by_format[".pdf"], by_format[".html"]
    source = valid(api.get(f"/sources/{pdf['figure_id']}").json(), schema_of(api, "/sources/{figure_id}"))
    assert source["has_picture"] and f"**{pdf['citation']['cell']}**" in source["text"]
    picture = api.get(f"/sources/{pdf['figure_id']}/picture")
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert api.get(f"/sources/{html['figure_id']}").json()["has_picture"] is False
    assert api.get(f"/sources/{html['figure_id']}/picture").status_code == 404


def test_a_quote_opens_too(api: httpx.Client) -> None:
    answer = api.get("/ask", params={"question": "示例市水务局2024年的主要职责是什么"}).json()
    cited = next(each for each in answer["citations"] if each["quote"])
    source = api.get(f"/sources/{cited['figure_id']}").json()
    assert cited["quote"][:10] in source["text"]


def bad_requests() -> list[tuple[str, Callable[[httpx.Client], httpx.Response], int, str]]:
    as_json = {"content-type": "application/json"}
    return [
        ("no question", lambda api: api.get("/ask"), 400, "bad_request"),
        ("an empty question", lambda api: api.get("/ask", params={"question": ""}), 400, "bad_request"),
        ("a question too long", lambda api: api.get("/ask", params={"question": "问" * 2001}), 400, "bad_request"),
        ("two questions", lambda api: api.get("/ask?question=a&question=b"), 400, "bad_request"),
        ("an unknown argument", lambda api: api.get("/ask", params={"question": "多少", "sql": "SELECT 1"}), 400, "bad_request"),
        ("a number for a question", lambda api: api.post("/ask", json={"question": 3}), 400, "bad_request"),
        ("a list for a body", lambda api: api.post("/ask", json=[1]), 400, "bad_request"),
        ("half a body", lambda api: api.post("/ask", content=b'{"question": ', headers=as_json), 400, "bad_request"),
        ("a deep body", lambda api: api.post("/ask", content=b"[" * 60_000, headers=as_json), 400, "bad_request"),
        ("bytes that are no text", lambda api: api.post("/ask", content=b'{"question": "\xff"}', headers=as_json), 400, "bad_request"),
        ("a form", lambda api: api.post("/ask", data={"question": "多少"}), 400, "bad_request"),
        ("too large a body", lambda api: api.post("/ask", content=b" " * 600_000, headers=as_json), 413, "request_too_large"),
        ("too many earlier questions", lambda api: api.post("/ask", json={"question": "多少", "dialog": ["a"] * 21}), 400, "bad_request"),
        ("a kind that is none", lambda api: api.get("/figures", params={"words": "费", "kind": "预算"}), 400, "bad_request"),
        ("a year in words", lambda api: api.get("/disclosures", params={"year": "去年"}), 400, "bad_request"),
        ("a huge number", lambda api: api.get("/disclosures", params={"limit": "9" * 5000}), 400, "bad_request"),
        ("an id that is none", lambda api: api.get("/sources/..%2F..%2Fetc%2Fpasswd"), 404, "unknown_path"),
        ("an id in SQL", lambda api: api.get("/sources/1' OR '1'='1"), 400, "bad_request"),
        ("an id of nothing", lambda api: api.get("/sources/000000000000-00001"), 404, "unknown_source"),
        ("no such path", lambda api: api.get("/admin"), 404, "unknown_path"),
        ("a method that is not served", lambda api: api.delete("/ask"), 405, "unknown_path"),
        ("a foreign host", lambda api: api.get("/health", headers={"host": "evil.example"}), 400, "bad_request"),
    ]


@pytest.mark.parametrize(("send", "status", "code"), [case[1:] for case in bad_requests()], ids=[case[0] for case in bad_requests()])
def test_bad_input_is_told_in_both_languages(
    api: httpx.Client, send: Callable[[httpx.Client], httpx.Response], status: int, code: str
) -> None:
    reply = send(api)
    assert reply.status_code == status, reply.text[:300]
    told = valid(reply.json(), schema_of(api, "/ask", status="400"))["error"]
    assert told["code"] == code
    assert re.search(r"[\u4e00-\u9fff]", told["message"]["zh"] + told["hint"]["zh"])
    assert api.get("/health").status_code == 200


def test_whatever_the_description_allows_or_forbids_is_answered_as_it_says(api: httpx.Client, tmp_path: Path) -> None:
    """By schemathesis: valid and invalid calls made from the description, replies held against it, sources opened by its links."""
    settings = tmp_path / "schemathesis.toml"
    settings.write_text("[checks]\nnegative_data_rejection.expected-statuses = [400, 404, 405, 413]\n", "utf-8")
    done = subprocess.run(
        [Path(sys.executable).parent / "schemathesis", "--config-file", settings, "run", f"{api.base_url}/openapi.json", "--checks", "all",
         "--max-examples", "10", "--seed", "1", "--no-color"],
        capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, "\n".join(line[:300] for line in done.stdout.splitlines()[-80:])


def test_the_description_is_whole(api: httpx.Client) -> None:
    described = api.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) >= {"/ask", "/check", "/figures", "/disclosures", "/sources/{figure_id}"}
    names = set(described["components"]["schemas"])
    text = json.dumps(described)
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', text)) <= names
    assert "#/$defs/" not in text
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    operations = [told["operationId"] for path in described["paths"].values() for told in path.values()]
    assert len(operations) == len(set(operations))


def test_no_two_schemas_share_a_name_but_not_a_meaning() -> None:
    defined: dict[str, Any] = {}
    for file in ("answer", "figures", "disclosures", "source", "error", "requests"):
        for name, body in json.loads((FOLDER / f"{file}.json").read_text("utf-8")).get("$defs", {}).items():
            assert defined.setdefault(name, body) == body, f"{file}: {name}"


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_slow_answer_ends_in_time_and_the_door_closes_when_all_places_are_taken() -> None:
    async def press() -> list[MingzhangError | str]:
        gate = Gate(Limits(at_once=1, waiting=1, seconds=0.2))
        go_on = threading.Event()

        async def one() -> MingzhangError | str:
            try:
                return await gate.run(lambda: "done" if go_on.wait(5) else "late")
            except MingzhangError as error:
                return error

        first = await asyncio.gather(one(), one(), one())
        go_on.set()
        await asyncio.sleep(0.2)
        return [*first, await one()]

    ends = asyncio.run(press())
    assert [type(end) for end in ends[:2]] == [AnswerTookTooLong, AnswerTookTooLong]
    assert isinstance(ends[2], TooBusy)
    assert ends[3] == "done", "places are free again once the slow answers have ended"


def test_many_callers_at_once_are_all_answered(api: httpx.Client) -> None:
    async def ask() -> list[int]:
        async with httpx.AsyncClient(base_url=str(api.base_url), timeout=60) as client:
            replies = await asyncio.gather(*(client.get("/ask", params={"question": QUESTION}) for _ in range(12)))
            return [reply.status_code for reply in replies]

    assert asyncio.run(ask()) == [200] * 12


def test_a_newly_published_snapshot_is_served_without_a_restart(tmp_path: Path) -> None:
    from store import lake

    from .documents import small_document

    def add(year: int) -> None:
        lake.write_document(tmp_path, *small_document(year=year))
        publish(tmp_path)

    add(2023)
    store = OpenStore(tmp_path)
    before = store.now()
    add(2024)
    listed = OPERATIONS["list_disclosures"].run(store.now(), {})
    assert listed.value["total"] == 2
    assert OPERATIONS["list_disclosures"].run(before, {}).value["total"] == 1, "who still reads the old one is not disturbed"


# ── documentation ────────────────────────────────────────────────────────────────────────────────────────────────────
def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "building-on.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(3))
def test_the_documented_examples_run(
    number: int, sample_store: Path, mcp_address: str, api: httpx.Client, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MINGZHANG_STORE", str(sample_store))
    monkeypatch.setenv("PATH", f"{MINGZHANG.parent}:{os.environ['PATH']}")
    script = examples()[number]
    script = script.replace("http://127.0.0.1:8502", str(api.base_url).rstrip("/")).replace("http://127.0.0.1:8503/mcp", mcp_address)
    exec(compile(script, f"docs/building-on.md, example {number}", "exec"), {"__name__": "__main__"})
    assert "万元" in capsys.readouterr().out
