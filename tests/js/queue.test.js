// The queue: what waits lies on the disk, sealed, and the last answer to a question is the one that stays.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { emptyDisk, KEY, onDisk } from "./browser.js";

const { Own } = await import("../../static/js/rate/own.js");
const { keyFrom, unseal } = await import("../../static/js/rate/seal.js");
const { Sheet } = await import("../../static/js/rate/sheet.js");
const { openStore } = await import("../../static/js/rate/store.js");

beforeEach(emptyDisk);

async function sheetOf(membership = "membership", key = KEY) {
  const store = await openStore();
  await store.take(membership, key);
  await store.remember(membership, "owner");
  return new Sheet(store, "owner", "code", membership);
}

test("an answer is on the disk once it is put, and says nothing there", async () => {
  const sheet = await sheetOf();
  await sheet.put(1, "a", ["no", "me", "We hear it late"]);
  const [row, ...more] = await onDisk("rating", "queue");
  assert.equal(more.length, 0);
  assert.deepEqual(Object.keys(row).sort(), ["b", "box", "cell", "code", "iv", "m", "membership"]);
  assert.ok(!Buffer.from(row.box).includes("late"));
});

test("it is read again as it was put", async () => {
  await (await sheetOf()).put(1, "p2", ["3"]);
  const later = await sheetOf();
  await later.load();
  assert.deepEqual(later.value(1, "p2"), ["3"]);
  assert.equal(later.waiting.length, 1);
});

test("of two quick answers to one question the last is on the disk, however long the first takes to seal", async (t) => {
  const sheet = await sheetOf();
  const { encrypt } = crypto.subtle;
  let first = true;
  t.mock.method(crypto.subtle, "encrypt", async (...given) => {
    const waits = first && new Promise((done) => setTimeout(done, 50));
    first = false;
    await waits;
    return encrypt.apply(crypto.subtle, given);
  });
  await Promise.all(["1", "4"].map((level) => sheet.put(1, "p1", [level])));
  const later = await sheetOf();
  await later.load();
  assert.equal((await onDisk("rating", "queue")).length, 1);
  assert.deepEqual(later.value(1, "p1"), ["4"]);
});

test("an answer and one that takes its place are both settled", async () => {
  const sheet = await sheetOf();
  await sheet.put(1, "p1", ["1"]);
  const first = sheet.item(1, "p1");
  await sheet.put(1, "p1", ["2"]);
  assert.equal(await sheet.store.settle(first, 5), false);
  const [waits] = await sheet.store.items("membership", "code");
  assert.deepEqual([waits.answer, waits.b], [["2"], 5]);
  assert.equal(await sheet.store.settle(waits, 6), true);
  assert.deepEqual(await onDisk("rating", "queue"), []);
});

test("another membership's key opens nothing, nor does a row in another place", async () => {
  const sheet = await sheetOf("hers");
  await sheet.put(1, "p1", ["4"]);
  const [row] = await onDisk("rating", "queue");
  const place = ["hers", "code", "1/p1"].join("\n");
  const [right, wrong] = [await keyFrom(KEY), await keyFrom(Buffer.alloc(32, 8).toString("base64"))];
  assert.deepEqual((await unseal(right, place, row)).answer, ["4"]);
  assert.equal(await unseal(wrong, place, row), null);
  assert.equal(await unseal(right, place.replace("p1", "p2"), row), null);
});

test("a key on the disk cannot be read out", async () => {
  await sheetOf();
  const [{ key }] = await onDisk("signed-in", "keys");
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("sign-out takes keys and sheets, and leaves what waits", async () => {
  const sheet = await sheetOf();
  sheet.merge({ membership: "membership", sheet: 1, answers: { 1: { p1: [1, "4"] } }, title: "How we decide" });
  await sheet.keep();
  await sheet.put(1, "p2", ["3"]);
  await sheet.store.signedOut();
  assert.deepEqual(
    (await indexedDB.databases()).map((one) => one.name),
    ["rating"],
  );
  assert.equal((await onDisk("rating", "queue")).length, 1);
});

test("somebody else who is signed in takes away key and sheet, and leaves what waits", async () => {
  const sheet = await sheetOf();
  sheet.merge({ membership: "membership", sheet: 1, answers: {}, title: "How we decide" });
  await sheet.keep();
  await sheet.put(1, "p2", ["3"]);
  await sheet.store.forgetOthers("another");
  assert.deepEqual([await onDisk("signed-in", "keys"), await onDisk("signed-in", "sheets")], [[], []]);
  assert.equal((await onDisk("rating", "queue")).length, 1);
});

test("without encryption nothing is written, and all works until the page ends", async () => {
  delete globalThis.indexedDB;
  const store = await openStore();
  const sheet = new Sheet(store, "owner", "code", "membership");
  assert.equal(store.keeps, false);
  await sheet.put(1, "p1", ["4"]);
  await sheet.load();
  assert.deepEqual(sheet.value(1, "p1"), ["4"]);
  assert.equal(await store.settle(sheet.item(1, "p1"), 1), true);
  assert.deepEqual(await store.all("queue"), []);
});

test("what an older version left in the clear is sealed, its sheets go, its switch stays", async () => {
  for (const [name, row] of [
    ["rating", { answers: {} }],
    ["for-myself", { on: true }],
  ])
    await older(name, row);
  await sheetOf();
  const [row] = await onDisk("rating", "queue");
  assert.ok(row.box && !row.answer);
  const own = new Own(await openStore("for-myself"), "code");
  await own.load("membership");
  assert.deepEqual([own.on, own.items.size], [true, 0]);
});

async function older(name, data) {
  await new Promise((done) => {
    const open = indexedDB.open(name, 1);
    open.onupgradeneeded = () => {
      open.result
        .createObjectStore("sheets", { keyPath: ["owner", "code"] })
        .put({ owner: "membership", code: "code", data });
      const queue = open.result.createObjectStore("queue", { keyPath: ["seat", "code", "cell"] });
      if (!("on" in data))
        queue.put({ seat: "membership", code: "code", cell: "1/p1", d: 1, m: "m", b: 0, t: 1, answer: ["4"] });
      open.result.createObjectStore("leases");
    };
    open.onsuccess = () => {
      open.result.close();
      done();
    };
  });
}
