// Review at the keyboard: J and K go through the queue, C opens the comment box of the figure in focus. All of it has
// links on the page, so nothing depends on it.

const queue = [...document.querySelectorAll("a[data-queue]")];
const keys = document.querySelector(".kn-keys");
if (keys) keys.hidden = false;

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

// On the list itself the focus moves; beside a report the next report opens.
function go(steps) {
  const here = queue.findIndex((link) => link.hasAttribute("aria-current"));
  const focused = queue.indexOf(document.activeElement);
  const isList = !document.querySelector(".kn-compared");
  const next = queue[(isList ? focused : here) + steps] ?? (here < 0 && focused < 0 ? queue[0] : undefined);
  if (!next) return;
  if (isList) next.focus();
  else window.location.assign(next.href);
}

function boxOf(hash) {
  return hash.startsWith("#y-kien-") ? document.querySelector(`${hash} textarea`) : null;
}

function openBox() {
  const row = document.activeElement?.closest("tr[data-figure]");
  const place = row ? `#${row.dataset.figure}` : "#y-kien-chung";
  if (!boxOf(place)) return;
  if (window.location.hash === place) boxOf(place).focus();
  else window.location.hash = place;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const actions = { j: () => go(1), k: () => go(-1), c: openBox };
  const action = actions[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault(); // the letter must not land in the box that opens
  action();
});

// A box that opens is there to be typed into; one that closes gives the focus back to its figure.
window.addEventListener("hashchange", () => {
  boxOf(window.location.hash)?.focus();
  const row = window.location.hash.startsWith("#dong-") && document.querySelector(window.location.hash);
  if (row) row.querySelector(".kn-talk")?.focus();
});
