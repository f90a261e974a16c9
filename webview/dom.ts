/** Elements as expressions, and bringing a live subtree to look like a fresh one without losing focus or scroll. */

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | undefined | false;

const svgNamespace = "http://www.w3.org/2000/svg";

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
  return element;
}

/** An HTML element. `undefined` and `false` leave an attribute or a child out. */
export function h(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  return fill(document.createElementNS(svgNamespace, tag), attributes, children);
}

/** A codicon; it says nothing to a screen reader. */
export function icon(name: string): HTMLElement {
  return h("i", { class: `codicon codicon-${name}`, "aria-hidden": "true" });
}

/** Text for a screen reader alone. */
export const spoken = (text: string): HTMLElement => h("span", { class: "spoken" }, text);

const keyOf = (node: Node): string | undefined =>
  node instanceof Element ? (node.getAttribute("data-key") ?? undefined) : undefined;

const alike = (live: Node, fresh: Node): boolean =>
  live.nodeName === fresh.nodeName && keyOf(live) === keyOf(fresh);

function morphAttributes(live: Element, fresh: Element): void {
  for (const { name } of [...live.attributes]) if (!fresh.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}

/** The live node to become `fresh`: the one at hand, or one further on with the same key. */
function counterpart(at: ChildNode | null, fresh: Node): ChildNode | undefined {
  if (at && alike(at, fresh)) return at;
  if (keyOf(fresh) === undefined) return undefined;
  for (let node = at?.nextSibling ?? null; node; node = node.nextSibling) if (alike(node, fresh)) return node;
  return undefined;
}

/** Makes `live` equal to `fresh`; nodes with the same `data-key`, or the same place and tag, stay. */
export function morph(live: Element, fresh: Element): void {
  morphAttributes(live, fresh);
  let at = live.firstChild;
  for (const child of [...fresh.childNodes]) {
    const kept = counterpart(at, child);
    if (kept === undefined) live.insertBefore(child, at);
    else if (kept === at) at = at.nextSibling;
    else live.insertBefore(kept, at);
    if (kept instanceof Element && child instanceof Element) morph(kept, child);
    else if (kept && kept.nodeValue !== child.nodeValue) kept.nodeValue = child.nodeValue;
  }
  while (at) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}
