/** The UI kit: the only file that imports @vscode/webview-ui-toolkit. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { h, icon } from "./dom";
import { fieldOf } from "./field";
import type { ButtonOptions, Field, FieldOptions, TabEntry, Tabs } from "./kit-contract";

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodePanels(),
  vsCodePanelTab(),
  vsCodePanelView(),
  vsCodeProgressRing(),
  vsCodeTextField(),
);

const startIcon = (name: string): HTMLElement => h("span", { slot: "start", class: "kit-start" }, icon(name));

export function button({ label, icon: name, secondary, press }: ButtonOptions): HTMLElement {
  const element = h(
    "vscode-button",
    { appearance: secondary ? "secondary" : "primary" },
    name !== undefined && startIcon(name),
    label,
  );
  element.addEventListener("click", press);
  return element;
}

export function textField(options: FieldOptions): Field {
  const { label, placeholder, icon: name } = options;
  // The toolkit takes the accessible name from the text inside, whatever aria-label says.
  const element = h("vscode-text-field", { placeholder }, startIcon(name), label);
  return fieldOf(element as HTMLElement & { value: string }, options);
}

export function tabs(entries: readonly TabEntry[], selected: (id: string) => void): Tabs {
  const element = h(
    "vscode-panels",
    { "aria-label": "Rootport" },
    ...entries.map(({ id, label }) => h("vscode-panel-tab", { id: `tab-${id}` }, label)),
    ...entries.map(({ id, content }) => h("vscode-panel-view", { id: `view-${id}` }, content)),
  ) as HTMLElement & { activeid: string };
  element.addEventListener("change", (event) => {
    // A text field inside a view also bubbles a change.
    if (event.target === element) selected(element.activeid.replace(/^tab-/, ""));
  });
  return {
    element,
    select(id) {
      element.activeid = `tab-${id}`;
      element.setAttribute("activeid", `tab-${id}`);
    },
  };
}

export const progress = (label: string): HTMLElement => h("vscode-progress-ring", { "aria-label": label });
