// What the server holds and what the device knows become one sheet.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";

const { Sheet, newId } = await import("../../static/js/rate/sheet.js");

const QUESTIONS = { partners: [[1], [2]], decisions: [[1], [2]], membership: "membership", sheet: 7 };

function sheetWith(answers) {
  const sheet = new Sheet({ put: async () => {} }, "owner", "code", "membership");
  sheet.merge({ ...QUESTIONS, answers });
  return sheet;
}

test("the newer version of each answer stands", () => {
  const sheet = sheetWith({ 1: { p1: [2, "3"], p2: [1, "0"] } });
  sheet.merge({ ...QUESTIONS, answers: { 1: { p1: [1, "4"], p2: [2, "1"] } } });
  assert.deepEqual([sheet.value(1, "p1"), sheet.value(1, "p2")], [["3"], ["1"]]);
});

test("a sheet that was begun again replaces the old one", () => {
  const sheet = sheetWith({ 1: { p1: [5, "3"] } });
  sheet.merge({ ...QUESTIONS, sheet: 8, answers: { 1: { p2: [1, "1"] } } });
  assert.deepEqual([sheet.value(1, "p1"), sheet.value(1, "p2")], [[""], ["1"]]);
});

test("what waits stands before what the server holds, and what is for oneself before both", async () => {
  const sheet = sheetWith({ 1: { p1: [1, "0"] } });
  await sheet.put(1, "p1", ["2"]);
  assert.deepEqual([sheet.value(1, "p1"), sheet.shown(1, "p1")], [["2"], [1, "0"]]);
  sheet.own = { item: () => ({ answer: ["4"] }) };
  assert.deepEqual([sheet.value(1, "p1"), sheet.toSend(1, "p1")], [["4"], ["2"]]);
});

test("a given answer names the version it was given upon", async () => {
  const sheet = sheetWith({ 1: { p1: [3, "0"] } });
  await sheet.put(1, "p1", ["2"]);
  assert.deepEqual([sheet.item(1, "p1").b, sheet.item(1, "p1").s], [3, 7]);
});

test("questions are counted, and the first open one is found", () => {
  const sheet = sheetWith({ 1: { p1: [1, "0"], p2: [1, "none"], a: [1, "yes", "", ""] }, 2: { p1: [1, "4"] } });
  assert.deepEqual([sheet.answered(1), sheet.answered(2), sheet.firstOpen()], [3, 1, 2]);
  assert.equal(sheet.minutes(), 1);
});

test("ids are random UUIDs of version 4", () => {
  assert.match(newId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(newId(), newId());
});
