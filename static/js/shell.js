// Small comforts around every page. Everything works without them.

// "Hiện" shows the password that is being typed.
for (const button of document.querySelectorAll("[data-show-password]")) {
  const field = document.getElementById(button.dataset.showPassword);
  const word = button.querySelector("span");
  button.hidden = false;
  button.addEventListener("click", () => {
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    word.textContent = show ? "Ẩn" : "Hiện";
  });
}

// A switch applies at once. Lists wait for the button: at the keyboard each arrow key would choose and reload.
for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio") form.requestSubmit();
  });
}

// After a failed attempt the summary of errors is read out first.
document.querySelector("[role=alert][tabindex]")?.focus();

// A decision goes once, however often its button is clicked.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.gone) event.preventDefault();
    form.dataset.gone = "yes";
    setTimeout(() => delete form.dataset.gone, 10_000); // the line may have dropped
  });
  window.addEventListener("pageshow", () => delete form.dataset.gone); // the browser's Back
}

// Drafts that wait on this machine are the person's own: signing out clears them, after asking.
for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", (event) => {
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith(`kn:${form.dataset.signOut}:`));
    const question = "Trên máy này còn số liệu chưa gửi. Đăng xuất sẽ xóa các số liệu đó. Vẫn đăng xuất?";
    if (drafts.length && !window.confirm(question)) return event.preventDefault();
    drafts.forEach((key) => localStorage.removeItem(key));
  });
}

// What was handed in waits nowhere any more.
for (const sent of document.querySelectorAll("[data-sent]")) localStorage.removeItem(sent.dataset.sent);

// Long tables and lists show their first rows; the rest is one click away. Without this script all of them stand there.
function fold(rows) {
  const rest = [...rows.children].slice(Number(rows.dataset.fold));
  if (rest.length < 4) return;
  const button = document.createElement("button");
  const show = (all) => {
    rest.forEach((row) => { row.hidden = !all; });
    button.setAttribute("aria-expanded", all);
    button.textContent = all ? "Thu gọn" : `Xem thêm ${rest.length} ${rows.dataset.foldOf ?? "kỳ"}`;
  };
  button.type = "button";
  button.className = "btn btn-line btn-sm kn-fold";
  button.dataset.rest = `Không in ${rest.length} ${rows.dataset.foldOf ?? "kỳ"} còn lại.`;
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") === "false"));
  show(false);
  (rows.closest(".kn-scroll, table") ?? rows).after(button);
}
document.querySelectorAll("[data-fold]").forEach(fold);
document.addEventListener("kn:shown", (event) => event.target.querySelectorAll("[data-fold]").forEach(fold));
