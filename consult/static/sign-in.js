// Demo mode only: a press on a sample account signs in with it.
for (const button of document.querySelectorAll("[data-login]")) {
  button.addEventListener("click", () => {
    const form = document.querySelector("form");
    form.login.value = button.dataset.login;
    form.password.value = button.dataset.password;
    form.requestSubmit();
  });
}
