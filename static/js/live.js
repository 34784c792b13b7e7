// Clocks of the live session, and what stays on one's own device: notes, and how free one feels.

// --- clocks: the server says how many seconds are left; from then on this device's own clock counts

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

// --- “How free do you feel to disagree in this session?”: only this tab knows, until it is closed or somebody signs out

const free = document.querySelector("[data-free]");

if (free) {
  const key = `free:${free.dataset.free}`;
  const offer = (/** @type {string} */ answer) => {
    for (const button of free.querySelectorAll("[data-free-choice]")) {
      if (button.dataset.freeChoice) button.setAttribute("aria-pressed", String(button.dataset.freeChoice === answer));
    }
    for (const part of free.querySelectorAll("[data-free-for]")) {
      part.hidden = !part.dataset.freeFor.split(" ").includes(answer);
    }
  };
  free.addEventListener("click", (/** @type {PageEvent} */ event) => {
    const button = event.target.closest("[data-free-choice]");
    if (!button) return;
    const answer = button.dataset.freeChoice;
    offer(answer);
    try {
      if (answer) sessionStorage.setItem(key, answer);
      else sessionStorage.removeItem(key);
    } catch {
      // Nothing is kept here, so it lasts as long as the page.
    }
  });
  let kept = "";
  try {
    kept = sessionStorage.getItem(key) ?? "";
  } catch {
    kept = "";
  }
  offer(kept);
  keepNotes(free.querySelector("[data-own-notes]"), `notes:${free.dataset.free}`);
  free.hidden = false;
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} key
 */
function keepNotes(field, key) {
  try {
    field.value = sessionStorage.getItem(key) ?? "";
    field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  } catch {
    // Nothing is kept here, so it lasts as long as the page.
  }
}
