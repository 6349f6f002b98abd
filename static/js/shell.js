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
