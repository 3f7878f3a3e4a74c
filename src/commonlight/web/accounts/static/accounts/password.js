// Lets a person look at the password that she types.
for (const input of document.querySelectorAll("input[type=password][data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button secondary small";
  button.setAttribute("aria-controls", input.id);
  const draw = () => {
    const seen = input.type === "text";
    button.textContent = seen ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-pressed", String(seen));
  };
  button.addEventListener("click", () => {
    input.type = input.type === "text" ? "password" : "text";
    draw();
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
  draw();
  input.after(" ", button);
}
