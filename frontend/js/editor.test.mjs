import assert from "node:assert/strict";
import { test } from "node:test";
import { inert, tidy } from "./editor/clean.mjs";
import { address } from "./editor/link.mjs";
import { htmlOf, isMarkdown } from "./editor/markdown.mjs";

test("Markdown is recognised by its lines and its pairs, not by a star", () => {
  for (const text of ["# Plan", "a\n\n- b", "1. first", "> said", "so **bold** it is", "see [here](https://x.example)", "```\nx\n```"]) {
    assert.ok(isMarkdown(text), text);
  }
  for (const text of ["2 * 3 * 4", "snake_case_name", "#hashtag", "-5 degrees", "a - b", "f[0](1)", "1.5 million"]) {
    assert.ok(!isMarkdown(text), text);
  }
});

test("what looks like a tag in pasted text is text", () => {
  assert.equal(htmlOf("a <b>b</b> & c"), "a &#60;b&#62;b&#60;/b&#62; &#38; c");
  assert.equal(htmlOf("- <b>x</b>"), "<ul>\n<li>&#60;b&#62;x&#60;/b&#62;</li>\n</ul>\n");
});

test("pasted text keeps its lines and paragraphs", () => {
  assert.equal(htmlOf("one\r\ntwo"), "one<br>two");
  assert.equal(htmlOf("one\n \n\ntwo"), "<p>one</p><p>two</p>");
});

test("styles and handlers come under a name that the page's policy does not know", () => {
  assert.equal(inert('<p STYLE="color:red" title="style=">a style="b"</p>'), '<p  data-STYLE="color:red" title=" data-style=">a style="b"</p>');
  assert.equal(inert('<svg/onload=x()><a ONCLICK = y>'), '<svg/ data-onload=x()><a  data-ONCLICK = y>');
  assert.equal(inert("<style>@import 'x'</style ><p>a"), "<p>a");
});

test("an address is one that a note may hold", () => {
  const cases = [
    ["x.example/a", "https://x.example/a"],
    [" http://x.example ", "http://x.example"],
    ["ana@customer.test", "mailto:ana@customer.test"],
    ["localhost:8080/a", "https://localhost:8080/a"],
    ["javascript:alert(1)", undefined],
    ["data:text/html,x", undefined],
    ["two words", undefined],
    ["", undefined],
  ];
  for (const [typed, expected] of cases) {
    assert.equal(address(typed), expected, typed);
  }
});

test("a note is kept in paragraphs, without what only the caret needed", () => {
  const cases = [
    ["<div>a</div><p><br></p>", "<p>a</p>"],
    ["<p>A&nbsp;<b>b</b>&nbsp;c</p>", "<p>A <b>b</b> c</p>"],
    ["<p>a&nbsp;&nbsp;b</p>", "<p>a&nbsp;&nbsp;b</p>"],
    ["<p>a<br></p><p><br></p><p>b</p>", "<p>a</p><p><br></p><p>b</p>"],
  ];
  for (const [made, kept] of cases) {
    assert.equal(tidy(made), kept, made);
  }
});
