/** The same kit on @vscode-elements/elements; `npm run build:elements` puts it in kit.ts's place. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import "@vscode-elements/elements/dist/vscode-tab-header/index.js";
import "@vscode-elements/elements/dist/vscode-tab-panel/index.js";
import "@vscode-elements/elements/dist/vscode-tabs/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { h, icon } from "./dom";
import { fieldOf } from "./field";
import type { ButtonOptions, Field, FieldOptions, TabEntry, Tabs } from "./kit-contract";

export function button({ label, icon: name, secondary, press }: ButtonOptions): HTMLElement {
  const start = name !== undefined && h("span", { slot: "content-before", class: "kit-start" }, icon(name));
  const element = h("vscode-button", { secondary }, start, label);
  element.addEventListener("click", press);
  return element;
}

export function textField(options: FieldOptions): Field {
  const start = h("span", { slot: "content-before", class: "kit-start" }, icon(options.icon));
  const element = h("vscode-textfield", { placeholder: options.placeholder }, start);
  // The label is a property without an attribute.
  const field = Object.assign(element, { label: options.label }) as HTMLElement & {
    label: string;
    value: string;
  };
  return fieldOf(field, options);
}

/** Tabs that have no room go to a second row; the kit itself would let them stick out. */
const wrapped = new CSSStyleSheet();
wrapped.replaceSync(".tablist { flex-wrap: wrap; }");

export function tabs(entries: readonly TabEntry[], selected: (id: string) => void): Tabs {
  const element = h(
    "vscode-tabs",
    {},
    ...entries.flatMap(({ id, label, content }) => [
      h("vscode-tab-header", { slot: "header", id: `tab-${id}` }, label),
      h("vscode-tab-panel", { id: `view-${id}` }, content),
    ]),
  ) as HTMLElement & { selectedIndex: number; readonly updateComplete: Promise<unknown> };
  void element.updateComplete.then(() => element.shadowRoot?.adoptedStyleSheets.push(wrapped));
  element.addEventListener("vsc-tabs-select", (event) => {
    const entry = entries[(event as CustomEvent<{ selectedIndex: number }>).detail.selectedIndex];
    if (entry) selected(entry.id);
  });
  return {
    element,
    select(id) {
      element.selectedIndex = entries.findIndex((entry) => entry.id === id);
    },
  };
}

export const progress = (label: string): HTMLElement => h("vscode-progress-ring", { "aria-label": label });
