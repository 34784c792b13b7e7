// An item leaves the queue only on a JSON receipt that names its mutation.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { emptyDisk, KEY, onDisk, server } from "./browser.js";

const { Sender } = await import("../../static/js/rate/send.js");
const { Sheet } = await import("../../static/js/rate/sheet.js");
const { openStore } = await import("../../static/js/rate/store.js");

let sheet, sender, told;

beforeEach(async () => {
  emptyDisk();
  const store = await openStore();
  await store.take("membership", KEY);
  sheet = new Sheet(store, "owner", "code", "membership");
  told = [];
  sender = new Sender(
    sheet,
    "/assessments/",
    1000,
    () => "token",
    (what) => told.push(what),
  );
  await sheet.put(1, "p1", ["4"]);
});
afterEach(() => clearTimeout(sender.timer));

const receipt = (sent, more) => [200, { m: sent.m, v: 1, s: 7, won: true, ...more }];
const waits = async () => (await onDisk("rating", "queue")).length;

test("a receipt that names the mutation takes the answer out of the queue", async () => {
  const asked = server((_path, sent) => receipt(sent));
  await sender.now();
  assert.deepEqual([await waits(), told], [0, ["saved", "empty"]]);
  const [[path, { w, d, p, l, b }]] = asked;
  assert.deepEqual([path, w, d, p, l, b], ["/assessments/code/rate/answer/", "membership", 1, 1, 4, 0]);
  assert.deepEqual(sheet.shown(1, "p1"), [1, "4"]);
});

for (const [name, reply] of [
  ["names another mutation", [200, { m: "another", v: 1, won: true }]],
  ["is empty", [200, {}]],
  ["is of a gateway that is down", [502, {}]],
  ["asks to wait", [429, { error: "later" }]],
]) {
  test(`an answer that ${name} leaves it there`, async () => {
    server(() => reply);
    await sender.now();
    assert.deepEqual([await waits(), told.includes("saved")], [1, false]);
  });
}

test("a line that is cut leaves it there, and the next time it is sent under the same name", async () => {
  let cut = true;
  const asked = server((_path, sent) => {
    if (cut) throw new Error("cut");
    return receipt(sent);
  });
  await sender.now();
  assert.equal(await waits(), 1);
  cut = false;
  await sender.now();
  assert.equal(await waits(), 0);
  assert.equal(asked[0][1].m, asked[1][1].m);
});

for (const [won, base] of [
  [true, 1],
  [false, 0],
]) {
  test(`an answer given while another is under way ${won ? "follows it" : "follows none that it did not see"}`, async () => {
    const asked = server(async (_path, sent) => {
      if (asked.length > 1) return receipt(sent, { v: 2 });
      await sheet.put(1, "p1", ["2"]);
      return receipt(sent, { won, l: 3 });
    });
    await sender.now();
    assert.deepEqual(
      asked.map(([, sent]) => [sent.l, sent.b]),
      [
        [4, 0],
        [2, base],
      ],
    );
    assert.equal(await waits(), 0);
  });
}

test("where another answer was newer, that one is shown", async () => {
  server((_path, sent) => receipt(sent, { won: false, v: 9, l: null }));
  await sender.now();
  assert.deepEqual([sheet.value(1, "p1"), told], [["none"], ["newer", "empty"]]);
});

test("signed out, it waits and says so", async () => {
  server(() => [401, {}]);
  await sender.now();
  assert.deepEqual([await waits(), told], [1, ["signin"]]);
});

test("another person's session neither sends nor loses it", async () => {
  server((path) => (path.endsWith("/sheet/") ? [200, { membership: "another" }] : [403, {}]));
  await sender.now();
  assert.deepEqual([await waits(), told, sender.stopped], [1, ["foreign"], true]);
});

test("closed meanwhile, it is marked as refused and kept for her to read", async () => {
  server(() => [409, { error: "closed" }]);
  await sender.now();
  await sheet.load();
  assert.deepEqual([await waits(), sheet.refused.map((one) => one.refused), told], [1, ["closed"], ["closed"]]);
});

test("a hand-in goes last, and its receipt is kept with the sheet", async () => {
  sheet.merge({ membership: "membership", sheet: 7, answers: {} });
  await sheet.intend(true);
  const asked = server((path, sent) =>
    path.endsWith("/hand-in/") ? [200, { m: sent.m, n: 1, c: "code", at: 5 }] : receipt(sent),
  );
  await sender.now();
  assert.deepEqual(
    asked.map(([path]) => path.split("/").at(-2)),
    ["answer", "hand-in"],
  );
  assert.deepEqual([sheet.data.receipt, await waits()], [{ n: 1, c: "code", at: 5 }, 0]);
});
