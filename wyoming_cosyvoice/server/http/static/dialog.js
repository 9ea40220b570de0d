// Dialog for questions: resolves to null, true, or the text that was typed.
const dialog = document.getElementById("ask");
const field = document.getElementById("ask-input");

export function ask(text, yes, { input = false } = {}) {
  document.getElementById("ask-text").textContent = text;
  document.getElementById("ask-yes").textContent = yes;
  field.hidden = !input;
  field.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? (input ? field.value : true) : null);
    }, { once: true });
  });
}
