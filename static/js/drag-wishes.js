// Wishes also change their order by dragging their number, with a mouse or a finger. The buttons
// beside each wish do the same from the keyboard; what is dropped is sent by the same form.

let held; // {item, items, gap, from, to, startY}

document.documentElement.classList.add("can-drag");

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || event.button !== 0 || held) return;
  const item = grip.closest("li");
  const items = [...item.parentElement.children];
  const boxes = items.map((one) => one.getBoundingClientRect());
  const from = items.indexOf(item);
  const next = from ? boxes[from].top - boxes[from - 1].bottom : boxes[1].top - boxes[0].bottom;
  held = { item, items, from, to: from, startY: event.pageY, gap: boxes[from].height + next,
    middles: boxes.map((box) => box.top + scrollY + box.height / 2), pointer: event.pointerId };
  grip.setPointerCapture(event.pointerId);
  item.classList.add("is-dragged");
  document.documentElement.classList.add("is-dragging");
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== held?.pointer) return;
  const { item, items, from, middles, startY, gap } = held;
  const moved = event.pageY - startY;
  item.style.translate = `0 ${moved}px`;
  const middle = middles[from] + moved;
  held.to = middles.filter((other, at) => at !== from && other < middle).length;
  items.forEach((other, at) => {
    if (other === item) return;
    const up = from < at && at <= held.to;
    const down = held.to <= at && at < from;
    other.style.translate = up ? `0 ${-gap}px` : down ? `0 ${gap}px` : "";
  });
  if (event.clientY < 70) scrollBy(0, -10);
  if (event.clientY > innerHeight - 90) scrollBy(0, 10);
});

document.addEventListener("pointerup", (event) => {
  if (event.pointerId !== held?.pointer) return;
  const { item, from, to } = held;
  release();
  if (from === to) return;
  const form = item.querySelector("form[action$='/deplacer']");
  form.elements.step.value = to - from;
  form.requestSubmit();
});

document.addEventListener("pointercancel", release);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") release();
});

// Everything back in its place: the answer of the server draws the new order.
function release() {
  if (!held) return;
  for (const item of held.items) item.style.translate = "";
  held.item.classList.remove("is-dragged");
  document.documentElement.classList.remove("is-dragging");
  held = undefined;
}
