// The entry form at the keyboard: Enter and arrows move between figures, Esc takes a figure back, numbers are tidied.
// The server reads every figure again; nothing here decides.

const inputs = [...document.querySelectorAll(".kn-fr input.num")];

// "1.234", "1 234", "1234" -> "1.234"; anything else is left as typed, for the server to name.
function tidy(text) {
  const tight = text.trim().replace(/[\s\u00a0\u202f]/g, "");
  if (!/^\d+$|^\d{1,3}(\.\d{3})+$/.test(tight)) return text;
  const digits = tight.replaceAll(".", "").replace(/^0+(?=\d)/, "");
  return digits.replace(/\B(?=(\d{3})+$)/g, ".");
}

function step(event) {
  if (event.key === "Enter" || event.key === "ArrowDown") return 1;
  return event.key === "ArrowUp" ? -1 : 0;
}

inputs.forEach((input, place) => {
  let before = input.value;
  input.addEventListener("focus", () => {
    before = input.value;
    input.select();
  });
  input.addEventListener("blur", () => {
    input.value = tidy(input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = before;
    const next = inputs[place + step(event)];
    if (!step(event)) return;
    event.preventDefault(); // Enter must not hand the report in
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  });
});

// Leaving with something typed and not saved asks first.
const form = document.getElementById("bieu");
let unsaved = Boolean(form?.querySelector("[aria-invalid]"));
form?.addEventListener("input", () => {
  unsaved = true;
});
form?.addEventListener("submit", () => {
  unsaved = false;
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
