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

// Filters apply as soon as one is chosen; the button is for those without JavaScript.
for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  for (const button of form.querySelectorAll("button")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}

// After a failed attempt the summary of errors is read out first.
document.querySelector("[role=alert][tabindex]")?.focus();
