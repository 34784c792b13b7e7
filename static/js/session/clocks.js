// The session's clocks. The server says how many seconds are left; from then on this device's own clock counts.

const seen = new WeakMap();

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]:not([hidden])")) {
    const { ends, left } = clock.dataset;
    if (seen.get(clock)?.ends !== ends) seen.set(clock, { ends, until: performance.now() + left * 1000 });
    const seconds = Math.max(0, Math.round((seen.get(clock).until - performance.now()) / 1000));
    const face = clock.querySelector(".clock-face");
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (face.textContent !== text) face.textContent = text;
    const [runs, over] = [clock.querySelector(".clock-runs"), clock.querySelector(".clock-over")];
    if (runs.hidden !== !seconds) runs.hidden = !seconds;
    if (over.hidden !== Boolean(seconds)) {
      over.hidden = Boolean(seconds);
      if (!seconds) document.dispatchEvent(new CustomEvent("say", { detail: over.textContent }));
    }
  }
  setTimeout(tick, 500);
}

tick();
