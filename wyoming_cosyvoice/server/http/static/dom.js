// Elements by id, and new ones; text is always text, never markup.
export const $ = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Show other rows. Who uses the keyboard stays on the button that does the same. */
export function replaceRows(list, rows) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.does : null;
  list.replaceChildren(...rows);
  if (focused) [...list.querySelectorAll("button")].find((button) => button.dataset.does === focused)?.focus();
}

/** A button of a row: it says of which row, to who hears no rows. */
export function rowButton(does, of, properties) {
  const made = make("button", { type: "button", ariaLabel: `${properties.textContent}: ${of}`, ...properties });
  made.dataset.does = `${does} ${of}`;
  return made;
}

export function say(element, text) {
  element.textContent = text || "";
  element.hidden = !text;
}
