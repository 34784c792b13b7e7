// What service workers share: filling a cache, and a page from it where the line fails or is slow.

/** @typedef {() => Promise<Response | undefined | false>} Kept */

// All or nothing; a page of signing in in the place of one of ours is nothing.
/**
 * @param {string} name
 * @param {string[]} pages
 * @param {string[]} assets
 */
export async function fill(name, pages, assets) {
  const cache = await caches.open(name);
  await Promise.all(
    pages.concat(assets).map(async (url) => {
      const response = await fetch(url, { cache: pages.includes(url) ? "no-cache" : "default" });
      if (!response.ok || response.redirected) throw new Error(url + ": " + response.status);
      await cache.put(url, response);
    }),
  );
}

/**
 * @param {string} beginning
 * @param {string} kept
 */
export async function tidy(beginning, kept) {
  for (const name of await caches.keys()) if (name.startsWith(beginning) && name !== kept) await caches.delete(name);
}

// The server's page while there is a line; what `here` finds where the server is down or slow, `last` where all fails.
/**
 * @param {Promise<Response>} asked
 * @param {Kept} here
 * @param {Kept} last
 * @param {number} patience in ms
 */
export function pageOr(asked, here, last, patience) {
  const slow = new Promise((resolve) => setTimeout(resolve, patience)).then(here).then((kept) => kept || asked);
  return Promise.race([asked.then((response) => down(response, here)), slow]).catch(async (error) => {
    const kept = await last();
    if (kept) return kept;
    throw error;
  });
}

/**
 * @param {Response} response
 * @param {Kept} here
 */
async function down(response, here) {
  if (response.status < 502 || response.status > 504) return response;
  return (await here()) || response;
}
