// Small comforts. Every page works without this file.

const closest = (event, selector) => event.target.closest?.(selector);

// A form is sent once: a second press on a slow phone must not post it twice.
document.addEventListener("submit", (event) => {
  const form = closest(event, "form");
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), 8000);
});

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

// Coming back through the history shows the page as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

// Filters apply as soon as one changes; their button is only for pages without scripts.
let pause;
document.addEventListener("change", (event) => {
  const form = closest(event, "form[data-auto]");
  if (!form) return;
  clearTimeout(pause);
  pause = setTimeout(() => form.requestSubmit(), 250);
});

// Buttons that only a script can honour are hidden in the page and shown here.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// After an error the reader is taken to the list of what to correct.
document.getElementById("error-summary")?.focus();
