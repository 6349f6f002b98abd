// Nothing typed is lost: changed fields are kept on this machine at once and sent after two seconds; without a line they
// stay here and go when it is back; where somebody else changed the same field, both values are shown.

import { tidy } from "./figures.js";

const form = document.getElementById("bieu");
const line = document.getElementById("luu");
const key = `kn:${form.dataset.user}:${form.dataset.report}`;
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const SKIPPED = new Set(["csrfmiddlewaretoken", "version", "save", "submit"]);
const PAUSES = [10, 30, 60]; // seconds until the next attempt

const fields = [...form.elements].filter((one) => one.name && !SKIPPED.has(one.name) && one.type !== "submit");
const valueOf = (one) => (one.type === "checkbox" ? (one.checked ? "on" : "") : one.classList.contains("num") ? tidy(one.value) : one.value);
const put = (one, value) => {
  if (one.type === "checkbox") one.checked = value === "on";
  else one.value = value;
};

const stored = JSON.parse(document.getElementById("da-luu").textContent);
const base = new Map(fields.map((one) => [one.name, stored[one.name] ?? ""])); // what the server is known to hold
const held = new Set(); // fields in conflict, until somebody decides

// A figure and what is said beside it (a note, "not applicable" and its reason) mean something only together, so they
// are sent together; any other field is a group of its own.
const groups = new Map();
for (const one of fields) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
const refused = new Map(); // what the server could not read, by group: not sent for its own sake until it changes
function groupOf(one) {
  return one.closest(".kn-fr") ? one.name.split("-")[0] : one.name;
}
const contentOf = (group) => JSON.stringify(groups.get(group).map(valueOf));
const isChanged = (one) => valueOf(one) !== base.get(one.name);
let version = Number(form.elements.version.value);
let [timer, failures, sending, stopped] = [0, 0, null, false];

const say = (text, kind = "") => {
  line.textContent = text;
  line.className = `kn-save ${kind}`;
};
const changedFields = () => fields.filter(isChanged);
const isReady = (group) => groups.get(group).some(isChanged) && !groups.get(group).some((one) => held.has(one.name));
const toSend = () => [...groups.keys()].filter((group) => isReady(group) && refused.get(group) !== contentOf(group));

// --- On this machine ------------------------------------------------------------------------------------------------

function keep() {
  const kept = Object.fromEntries(changedFields().map((one) => [one.name, { base: base.get(one.name), value: valueOf(one) }]));
  try {
    if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify({ version, fields: kept }));
    else localStorage.removeItem(key);
  } catch {
    say("Máy này không lưu tạm được. Bấm Lưu nháp thường xuyên.", "warn");
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return;
  }
  if (kept?.version > version && sessionStorage.getItem(key) !== String(kept.version)) {
    sessionStorage.setItem(key, kept.version); // once: this page was made before the last save from this machine
    return window.location.reload();
  }
  let count = 0;
  for (const one of fields) {
    const mine = kept?.fields?.[one.name];
    const theirs = base.get(one.name);
    if (!mine || mine.value === theirs || mine.value === valueOf(one)) continue; // saved, or on the page already
    count += 1;
    put(one, mine.value);
    if (mine.base !== theirs || kept.version !== version) conflict(one, theirs); // it may be an old number by now
  }
  if (!count) return keep();
  form.dispatchEvent(new Event("input"));
  say(`Đã lấy lại ${count} ô chưa gửi trên máy này.`, "warn");
  later(0);
}

// --- To the server --------------------------------------------------------------------------------------------------

function later(seconds) {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(send, seconds * 1000);
}

function send() {
  if (sending || stopped) return sending;
  if (!toSend().length) return null;
  const going = [...new Set([...toSend(), ...[...refused.keys()].filter(isReady)])]; // refused: to be named again
  const contents = new Map(going.map((group) => [group, contentOf(group)]));
  const sent = Object.fromEntries(going.flatMap((group) => groups.get(group).map((one) => [one.name, valueOf(one)])));
  say("Đang lưu…");
  sending = fetch(form.dataset.autosave, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ version, fields: sent }),
    redirect: "manual",
  })
    .then((response) => answered(response, sent, contents), offline)
    .catch(() => trouble("Chưa lưu, sẽ thử lại."))
    .finally(() => {
      sending = null;
      keep();
    });
  return sending;
}

async function answered(response, sent, contents) {
  if (response.type === "opaqueredirect" || (response.status === 403 && !isJson(response))) {
    stopped = true;
    say("Phiên đã hết hạn. Đăng nhập lại, bản nháp vẫn còn.", "warn");
    return;
  }
  if (!isJson(response)) return trouble("Máy chủ gặp lỗi.");
  const answer = await response.json();
  if (response.status === 409) return merge(answer);
  if (!response.ok) {
    stopped = response.status === 403;
    say(answer.message, "warn");
    return;
  }
  failures = 0;
  setVersion(answer.version);
  for (const [group, content] of contents) {
    const names = groups.get(group).map((one) => one.name);
    if (names.some((name) => answer.unread.includes(name))) {
      refused.set(group, content);
    } else {
      refused.delete(group);
      names.forEach((name) => base.set(name, sent[name]));
    }
  }
  showMessages(answer);
  if (toSend().length) return later(2); // typed, or decided, while this was on its way: the line still says "Đang lưu…"
  const left = [refused.size && `${refused.size} ô chưa đọc được`, held.size && `${held.size} ô chờ chọn số`].filter(Boolean);
  if (left.length) say(`Đã lưu lúc ${answer.saved_at}, còn ${left.join(", ")}`, "warn");
  else say(`Đã lưu nháp lúc ${answer.saved_at}`);
}

const isJson = (response) => response.headers.get("Content-Type")?.startsWith("application/json");

function setVersion(now) {
  version = now;
  form.elements.version.value = now;
}

function offline() {
  trouble("Mất kết nối. Số liệu vẫn lưu trên máy này, sẽ tự gửi khi có mạng.");
}

function trouble(text) {
  const pause = PAUSES[Math.min(failures, PAUSES.length - 1)];
  failures += 1;
  say(navigator.onLine ? `${text.replace(/\.$/, "")}. Thử lại sau ${pause} giây.` : text, "warn");
  later(pause);
}

// --- Somebody else was here -----------------------------------------------------------------------------------------

// What only they changed is taken over, what only we changed stays, what both changed is asked.
function merge(answer) {
  setVersion(answer.version);
  for (const one of fields) {
    const [mine, was] = [valueOf(one), base.get(one.name)];
    const theirs = one.name in answer.stored ? answer.stored[one.name] : "";
    base.set(one.name, theirs);
    if (mine === was && !held.has(one.name)) put(one, theirs);
    else if (theirs !== was && theirs !== mine) conflict(one, theirs);
  }
  form.dispatchEvent(new Event("input"));
  if (held.size) say(`${held.size} ô đã được sửa ở máy khác. Chọn số để giữ.`, "warn");
  later(0);
}

function conflict(one, theirs) {
  held.add(one.name);
  base.set(one.name, theirs);
  const spot = messageOf(one.name) ?? one.closest(".kn-card-b") ?? form;
  document.getElementById(`xung-dot-${one.name}`)?.remove();
  const box = document.createElement("div");
  box.className = "kn-msg warn sm conflict";
  box.id = `xung-dot-${one.name}`;
  box.setAttribute("role", "alert");
  const words = (value) => (one.type === "checkbox" ? (value ? "có" : "không") : value === "" ? "để trống" : value);
  const text = document.createElement("span");
  text.textContent = `${labelOf(one)} đã được sửa ở máy khác. Trên máy này: ${words(valueOf(one))} · Trên máy chủ: ${words(theirs)}`;
  const decide = (word, take) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-line btn-sm";
    button.textContent = word;
    button.addEventListener("click", () => {
      if (take) put(one, theirs);
      held.delete(one.name);
      box.remove();
      form.dispatchEvent(new Event("input"));
      one.focus();
      if (!changedFields().length && !held.size) say("Đã khớp với máy chủ.");
      later(0);
      keep();
    });
    return button;
  };
  box.append(text, decide(`Giữ ${short(words(valueOf(one)))}`, false), decide(`Lấy ${short(words(theirs))}`, true));
  spot.prepend(box);
}

const short = (text) => (text.length > 24 ? `${text.slice(0, 24)}…` : text);
const labelOf = (one) => {
  const no = one.closest(".kn-fr")?.querySelector("label .no")?.textContent;
  return no ? `Ô ${no}` : `Mục “${one.labels?.[0]?.textContent.trim() ?? one.name}”`;
};
const messageOf = (name) => form.querySelector(`#dong-${CSS.escape(name.split("-")[0])} [data-message]`);

// --- What the server says beside each figure ------------------------------------------------------------------------

function showMessages({ errors, warnings, rail }) {
  document.getElementById("cac-phan").outerHTML = rail;
  for (const row of form.querySelectorAll(".kn-fr[id^=dong-]")) {
    const code = row.id.slice(5);
    const [error, warning] = [errors[code], warnings[code]];
    row.classList.toggle("err", Boolean(error));
    row.classList.toggle("warn", !error && Boolean(warning));
    const input = row.querySelector("input.num");
    if (error) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    const spot = row.querySelector("[data-message]");
    spot.querySelectorAll(".kn-msg:not(.conflict)").forEach((old) => old.remove());
    if (!error && !warning) continue;
    const message = document.createElement("div");
    message.className = `kn-msg ${error ? "err" : "warn"} sm`;
    const word = document.createElement("strong");
    word.className = "fw5";
    word.textContent = error ? "Lỗi:" : "Lưu ý:";
    const text = document.createElement("span");
    text.append(word, ` ${error ?? warning}`);
    message.append(text);
    spot.append(message);
    if (warning && !error) row.querySelector("details.more").open = true;
  }
  const [wrong, odd] = [Object.keys(errors).length, Object.keys(warnings).length];
  document.getElementById("dem").textContent = [wrong && `${wrong} lỗi`, odd && `${odd} lưu ý`].filter(Boolean).join(" · ");
}

// --- When ----------------------------------------------------------------------------------------------------------

form.addEventListener("input", () => {
  keep();
  later(2);
});
form.addEventListener("focusout", () => {
  if (toSend().length) later(0.2);
});
window.addEventListener("online", () => {
  failures = 0;
  later(0);
});
window.addEventListener("offline", offline);
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  if (sending) {
    event.preventDefault();
    await sending;
    form.requestSubmit(event.submitter);
  } else if (!navigator.onLine) {
    event.preventDefault();
    offline();
  } else if (held.size) {
    event.preventDefault();
    say("Chọn số để giữ ở các ô đã được sửa ở máy khác.", "warn");
    form.querySelector(".conflict button").focus();
  }
});

// A page that says two people changed the same field asks which to keep, whatever is typed next.
if (form.dataset.conflict) changedFields().forEach((one) => conflict(one, base.get(one.name)));
else restore();
