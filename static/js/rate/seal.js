// Encrypts what a device keeps (AES-GCM), with a key that the server gives to one membership's pages alone.

const NAME = "AES-GCM";
const BLOCK = 512; // bytes: so that no length tells a "yes" from a "no"

// Not on a page without https, nor in old browsers: then nothing may be kept.
export const canSeal = () => !!(self.crypto && crypto.subtle && self.indexedDB);

/**
 * The key of a page, as one that no script can read out again.
 * @param {string} text
 */
export function keyFrom(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, NAME, false, ["encrypt", "decrypt"]);
}

/**
 * `place` names where the box lies, so that it opens nowhere else.
 * @param {CryptoKey} key
 * @param {string} place
 * @param {object} content
 */
export async function seal(key, place, content) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, box: await crypto.subtle.encrypt(ways(iv, place), key, padded(JSON.stringify(content))) };
}

/**
 * Return the content, or nothing where this key does not fit.
 * @param {CryptoKey} key
 * @param {string} place
 * @param {import("./types").Sealed} sealed
 */
export async function unseal(key, place, { iv, box }) {
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(ways(iv, place), key, box)));
  } catch {
    return null;
  }
}

/** @param {BufferSource} iv @param {string} place */
function ways(iv, place) {
  return { name: NAME, iv, additionalData: new TextEncoder().encode(place) };
}

/**
 * Spaces at the end say nothing in JSON.
 * @param {string} text
 */
function padded(text) {
  const bytes = new TextEncoder().encode(text);
  const full = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK).fill(32);
  full.set(bytes);
  return full;
}
