// Asking the server, with a limit to how long one waits. What is not JSON is no answer.

/**
 * @param {string} url
 * @param {number} limit in ms
 * @param {RequestInit} [options]
 * @returns {Promise<import("./types").Reply>}
 */
export async function ask(url, limit, options) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limit);
  try {
    const headers = Object.assign({ Accept: "application/json" }, options && options.headers);
    const response = await fetch(
      url,
      Object.assign({ redirect: "manual" }, options, { signal: abort.signal, headers }),
    );
    const body = await response.json().catch(() => null);
    return { status: response.status, body: body || {} };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} name */
export function cookie(name) {
  const found = new RegExp("(?:^|; )(?:__Host-)?" + name + "=([^;]+)").exec(document.cookie);
  return found ? found[1] : "";
}

/** @param {string} rater the address of the rating pages @returns {string} that of all assessments */
export function rootOf(rater) {
  return rater.replace(/rater\/$/, "");
}
