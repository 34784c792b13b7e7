// Tells the other tabs that something changed; never what.

/**
 * @param {(message: import("./types").TabMessage) => void} hear
 * @returns {(message: import("./types").TabMessage) => void}
 */
export function tabs(hear) {
  if (window.BroadcastChannel) {
    const channel = new BroadcastChannel("rating");
    channel.onmessage = (event) => hear(event.data);
    return (message) => channel.postMessage(message);
  }
  addEventListener("storage", (event) => event.key === "rating" && event.newValue && hear(JSON.parse(event.newValue)));
  return (message) => {
    try {
      localStorage.setItem("rating", JSON.stringify(Object.assign({ at: Date.now() }, message)));
      localStorage.removeItem("rating");
    } catch {
      // Nothing can be kept here: then there is nothing to tell either.
    }
  };
}
