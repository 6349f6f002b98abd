// The entry form at the keyboard: Enter and arrows move between figures, Esc takes a figure back, numbers are tidied,
// blocks are pasted, totals follow what is typed. The server reads every figure again; nothing here decides.

import { number, say, share, tidy } from "./figures.js";

const form = document.getElementById("bieu");
const inputs = [...form.querySelectorAll(".kn-fr input.num")];
const changed = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));

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
    if (event.key === "Escape" && input.value !== before) {
      input.value = before;
      changed(input);
    }
    const next = inputs[place + step(event)];
    if (!step(event)) return;
    event.preventDefault(); // Enter must not hand the report in
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  });
  input.addEventListener("paste", (event) => {
    const cells = cellsOf(event.clipboardData.getData("text"));
    if (cells.length < 2) return; // one number: as the browser does it
    event.preventDefault();
    fill(place, cells);
  });
});

// Other text fields: Enter must not hand the report in either.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input.text")) event.preventDefault();
});

form.addEventListener("change", (event) => {
  const box = event.target.closest("[data-nothing]");
  if (!box) return;
  const input = document.getElementById(box.dataset.nothing);
  if (box.checked && input.value.trim() === "") input.value = "0";
  else if (!box.checked && input.value.trim() === "0") input.value = "";
  changed(input);
});

// --- A block from Excel ---------------------------------------------------------------------------------------------

const cellsOf = (text) => text.replace(/[\r\n\t]+$/, "").split(/\r?\n|\t/).map((cell) => cell.trim());

// Fills downwards from a figure; an empty cell leaves its figure alone. Scripted values cannot be undone with Ctrl+Z.
function fill(place, cells) {
  const taken = inputs.slice(place, place + cells.length);
  const before = taken.map((input) => input.value);
  taken.forEach((input, n) => {
    if (cells[n] === "") return;
    input.value = tidy(cells[n]);
    changed(input);
  });
  const left = cells.length - taken.length;
  const bar = document.getElementById("da-dan");
  bar.querySelector("span").textContent = `Đã dán ${taken.length} ô${left ? `, thừa ${left} ô` : ""}.`;
  bar.hidden = false;
  bar.querySelector("button").onclick = () => {
    taken.forEach((input, n) => {
      input.value = before[n];
      changed(input);
    });
    bar.hidden = true;
  };
}

const dialog = document.getElementById("dan-tu-excel");
const open = document.querySelector("[data-open-paste]");
if (dialog && open) {
  const [area, preview, from] = ["textarea", "output", "select"].map((name) => dialog.querySelector(name));
  inputs.forEach((input, n) => from.append(new Option(input.labels[0].innerText.split("\n")[0].trim(), n)));
  const show = () => {
    const cells = cellsOf(area.value);
    const lines = inputs.slice(Number(from.value)).slice(0, cells.length);
    preview.textContent = lines
      .map((input, n) => `${input.labels[0].querySelector(".no").textContent} = ${cells[n] === "" ? "giữ nguyên" : tidy(cells[n])}`)
      .join(" · ");
  };
  open.hidden = false;
  open.addEventListener("click", () => dialog.showModal());
  area.addEventListener("input", show);
  from.addEventListener("change", show);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "fill" && area.value.trim()) fill(Number(from.value), cellsOf(area.value));
    area.value = preview.textContent = "";
  });
}

// --- Totals that follow what is typed -------------------------------------------------------------------------------

const field = (code) => form.elements.namedItem(code);
const typed = (code) => number(field(code)?.value ?? "");

function bar(percent) {
  const width = Math.min(Math.max(percent, 0), 110);
  return `<svg class="mini-bar" viewBox="0 0 110 6" preserveAspectRatio="none" aria-hidden="true"><rect class="back" width="110" height="6"/><rect class="${percent > 100 ? "over" : "fill"}" width="${width}" height="6"/></svg>`;
}

function showSum(box) {
  const here = typed(box.dataset.sum);
  const total = Number(box.dataset.before) + (here ?? 0);
  const target = box.dataset.target === "" ? null : Number(box.dataset.target);
  const of = target ? `/${say(target)} <span class="t2 xs">${share(total, target)}</span>${bar((total * 100) / target)}` : "";
  box.innerHTML = `<strong>${say(total)}</strong>${of}`;
}

function showShare(box) {
  const [part, base] = [typed(box.dataset.share), typed(box.dataset.base)];
  if (part === null || !base) return box.replaceChildren();
  const over = part > base ? '<span class="over xs">lớn hơn tổng số</span>' : bar((part * 100) / base);
  box.innerHTML = `<strong>${say(part)}/${say(base)}</strong> <span class="t2 xs">${share(part, base)}</span>${over}`;
}

function showParts(box) {
  const whole = box.dataset.parts;
  box.dataset.remark ??= box.textContent;
  const rows = [...box.closest(".kn-fr").parentElement.querySelectorAll(`[data-part-of="${whole}"] input.num`)];
  const parts = rows.map((input) => number(input.value));
  const total = typed(whole);
  if (parts.some((part) => part === null) || total === null) {
    box.textContent = box.dataset.remark;
    return;
  }
  const sum = parts.reduce((a, b) => a + b, 0);
  const no = field(whole).labels[0].querySelector(".no").textContent;
  const end = sum === total ? `khớp ô ${no}` : `ô ${no} là ${say(total)}`;
  box.textContent = `${sum === total ? "✓ " : ""}${parts.map(say).join(" + ")} = ${say(sum)}, ${end}`;
}

function showAll() {
  form.querySelectorAll("[data-sum]").forEach(showSum);
  form.querySelectorAll("[data-share]").forEach(showShare);
  form.querySelectorAll("[data-parts]").forEach(showParts);
}

form.addEventListener("input", showAll);
showAll();
