// What stays in this tab, until it is closed or somebody signs out: own notes, and the answer to “How free do you feel to
// disagree in this session?”.

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
