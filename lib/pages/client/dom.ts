/** The one element of this selector, which the page's markup promises. */
export function find<Kind extends Element = HTMLElement>(selector: string, within: ParentNode): Kind {
  const found = within.querySelector<Kind>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

/** A new element with a text: never markup, whatever the text holds. */
export function make(tag: string, className: string, ...inside: readonly (string | Node)[]): HTMLElement {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...inside);
  return element;
}

/** Changes a text only where it is another one, so that it is not read out again. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
