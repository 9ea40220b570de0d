// Find and create elements. Text is always inserted as text, never as markup.
export const $ = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Join facts; a line never begins with the dot between them. */
export const DOT = "\u00a0· ";

/** Replace the rows of a list; keyboard focus stays on the same button. */
export function replaceRows(list, rows) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.does : null;
  list.replaceChildren(...rows);
  if (focused) [...list.querySelectorAll("button")].find((button) => button.dataset.does === focused)?.focus();
}

/** Create a button of a row, with the row's name in its label for screen readers. */
export function rowButton(does, of, properties) {
  const made = make("button", { type: "button", ariaLabel: `${properties.textContent}: ${of}`, ...properties });
  made.dataset.does = `${does} ${of}`;
  return made;
}

export function setMessage(element, text) {
  element.textContent = text || "";
  element.hidden = !text;
}
