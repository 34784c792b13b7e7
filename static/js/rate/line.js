// Asking the server, with a limit to how long one waits. What is not JSON is no answer.

export async function ask(url, limit, options) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limit);
  try {
    const headers = Object.assign({ Accept: "application/json" }, options && options.headers);
    const response = await fetch(url, Object.assign({ redirect: "manual" }, options, { signal: abort.signal, headers }));
    const body = await response.json().catch(() => null);
    return { status: response.status, body: body || {} };
  } catch (error) {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

export function cookie(name) {
  const found = new RegExp("(?:^|; )(?:__Host-)?" + name + "=([^;]+)").exec(document.cookie);
  return found ? found[1] : "";
}
