import { h, icon, morph } from "../dom";
import type { DeviceRow, PanelState, RegisterRow } from "../protocol";
import { chosenDevice, chosenRegister, moved } from "../view-model/topology";
import { bitRuler } from "./bit-ruler";
import { accessWords, registerContext } from "./register-table";

interface Outside {
  select(id: string): void;
  watch(register: string): void;
  translate(address: string): void;
}

function entry(
  register: RegisterRow,
  { chosen, was }: { chosen: boolean; was: string | undefined },
): HTMLElement {
  return h(
    "div",
    {
      class: `register-entry${was === undefined ? "" : " changed"}`,
      role: "option",
      tabindex: chosen ? 0 : -1,
      "aria-selected": String(chosen),
      "data-action": "entry",
      "data-key": register.key,
      "data-vscode-context": registerContext(register),
    },
    h("span", { class: "register-entry-name" }, register.name),
    h("span", { class: "value mono" }, register.value),
  );
}

const fact = (label: string, value: string): HTMLElement | false =>
  value !== "" && h("div", { class: "fact" }, h("dt", {}, label), h("dd", { class: "mono" }, value));

const action = (name: string, { label, glyph }: { label: string; glyph: string }): HTMLElement =>
  h("button", { class: "chip", type: "button", "data-action": name }, icon(glyph), label);

function warnings({ readSideEffect, access }: RegisterRow): readonly HTMLElement[] {
  const say = (sentence: string) => h("p", { class: "caution" }, icon("warning"), sentence);
  return [
    ...(readSideEffect
      ? [say("A read on the bus changes the device. Looking here does not: it is no read.")]
      : []),
    ...(access === "wo" ? [say("Write only: what a read gives has no meaning.")] : []),
    ...(access === "w1c"
      ? [say("Writing back what was read clears it: write 1 to a bit to clear that bit.")]
      : []),
  ];
}

function detail(register: RegisterRow, device: DeviceRow): readonly (HTMLElement | false)[] {
  const { id, space, offset, width, access, value, reset, physical, watched } = register;
  return [
    h("header", { class: "device-head" }, h("h2", {}, id), h("p", {}, `${device.title}`)),
    h(
      "dl",
      { class: "facts" },
      fact("value", value),
      fact("decimal", BigInt(value).toString()),
      fact("after reset", reset),
      fact("in", `${space} + ${offset}`),
      fact("width", `${width} bits`),
      fact("access", accessWords[access] ?? access),
      fact("CPU physical", physical),
    ),
    h(
      "p",
      { class: "chips register-actions" },
      action("watch", {
        label: watched ? "Remove Watchpoint" : "Break on Access…",
        glyph: watched ? "debug-breakpoint-data" : "debug-breakpoint-data-unverified",
      }),
      action("translate", { label: "Follow Its Address", glyph: "symbol-numeric" }),
    ),
    ...warnings(register),
    bitRuler(register),
  ];
}

/** The Register tab: one register, bit by bit; beside it the others of its device. */
export class RegisterView {
  readonly element = h("div", { class: "view register-view" });
  readonly #outside: Outside;
  #shown: RegisterRow | undefined;

  constructor(outside: Outside) {
    this.#outside = outside;
    this.element.addEventListener("click", (event) => this.#click(event.target as Element));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(
    state: PanelState,
    looks: { selected: string | undefined; changed: ReadonlyMap<string, string> },
  ): void {
    const device = chosenDevice(state.devices, looks.selected);
    this.#shown = device && chosenRegister(device, looks.selected);
    const entries = (device?.registers ?? []).flatMap((register, i, all) => [
      ...(register.space === all[i - 1]?.space ? [] : [h("h3", { role: "presentation" }, register.space)]),
      entry(register, { chosen: register === this.#shown, was: looks.changed.get(register.key) }),
    ]);
    const list = h(
      "div",
      {
        class: "topology register-list",
        role: "listbox",
        "aria-label": `Registers of ${device?.name ?? ""}`,
      },
      ...entries,
    );
    const content =
      device && this.#shown
        ? detail(this.#shown, device)
        : [h("p", { class: "quiet" }, `${device?.name ?? "The machine"} has no register that has a name.`)];
    const main = h("div", { class: "detail", "data-key": this.#shown?.key }, ...content);
    morph(this.element, h("div", { class: "view register-view" }, list, main));
  }

  #click(target: Element): void {
    const found = target.closest<HTMLElement>("[data-action]");
    const { action: name, key = "" } = found?.dataset ?? {};
    if (name === "entry") this.#outside.select(key);
    else if (name === "watch") this.#outside.watch(this.#shown?.id ?? "");
    else if (name === "translate") this.#outside.translate(this.#shown?.id ?? "");
  }

  #key(event: KeyboardEvent): void {
    const entries = [...this.element.querySelectorAll<HTMLElement>("[data-action=entry]")];
    const index = entries.indexOf(event.target as HTMLElement);
    if (index < 0) return;
    const next = entries[moved(index, { key: event.key, count: entries.length }) ?? -1];
    if (event.key === "w") this.#outside.watch(this.#shown?.id ?? "");
    if (!next) return;
    this.#outside.select(next.dataset["key"] ?? "");
    next.focus();
    event.preventDefault();
  }
}
