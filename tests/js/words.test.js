import "./browser.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { day, fill } from "../../static/js/rate/words.js";

test("a day is written in the British way, as on the server", () => {
  assert.equal(day("2026-11-24T12:00:00"), "24 November 2026");
});

test("a number has the separators of the server", () => {
  assert.equal(fill("{n} answers", { n: 12000 }), "12,000 answers");
});
