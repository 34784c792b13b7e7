// What a browser has and Node lacks. IndexedDB is a complete one in memory; WebCrypto is Node's own.
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";

globalThis.self = globalThis;
globalThis.document = { documentElement: { lang: "en", dataset: { locale: "en-GB-u-nu-latn" } } };
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });

// An empty disk. `indexedDB` alone is new; connections of an earlier test keep the old one.
export function emptyDisk() {
  globalThis.indexedDB = new IDBFactory();
}

// All rows of one store, as they lie on the disk.
export function onDisk(database, store) {
  return new Promise((told, failed) => {
    const open = indexedDB.open(database);
    open.onerror = failed;
    open.onsuccess = () => {
      const all = open.result.transaction(store).objectStore(store).getAll();
      all.onsuccess = () => {
        open.result.close();
        told(all.result);
      };
    };
  });
}

export const KEY = Buffer.alloc(32, 7).toString("base64");

// Answer what a sender posts: `reply(path, body)` returns [status, body], or throws as a line that is cut.
export function server(reply) {
  const asked = [];
  globalThis.fetch = async (path, { body } = {}) => {
    const sent = body ? JSON.parse(body) : undefined;
    asked.push([path, sent]);
    const [status, answer] = await reply(path, sent);
    return { status, json: async () => answer };
  };
  return asked;
}
