import { h, icon, morph } from "../dom";
import type { DeviceRow, PanelState, RegisterRow, WriteVerb } from "../protocol";
import { unreadable, valueText } from "../view-model/readable";
import { toggled, withField } from "../view-model/staging";
import { chosenDevice, chosenRegister, moved } from "../view-model/topology";
import { bitRuler } from "./bit-ruler";
import { accessWords, registerContext } from "./register-table";
import { Stage } from "./stage";

interface Outside {
  select(id: string): void;
  watch(register: string): void;
  translate(address: string): void;
  write(verb: WriteVerb, wish: { readonly register: string; readonly value: string }): void;
}

/** How a register of the list is drawn. */
interface EntryFace {
  readonly chosen: boolean;
  /** The value it had, when it has just changed. */
  readonly was: string | undefined;
  /** A write waits. */
  readonly staged: boolean;
}

function entry(register: RegisterRow, { chosen, was, staged }: EntryFace): HTMLElement {
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
    h("span", { class: "register-entry-name" }, register.name, staged && " · staged"),
    h("span", { class: "value mono" }, valueText(register)),
  );
}

const fact = (label: string, value: string): HTMLElement | false =>
  value !== "" && h("div", { class: "fact" }, h("dt", {}, label), h("dd", { class: "mono" }, value));

const action = (name: string, { label, glyph }: { label: string; glyph: string }): HTMLElement =>
  h("button", { class: "chip", type: "button", "data-action": name }, icon(glyph), label);

function warnings(register: RegisterRow): readonly HTMLElement[] {
  const say = (sentence: string) => h("p", { class: "caution" }, icon("warning"), sentence);
  return [
    ...(register.readSideEffect
      ? [say("A read on the bus changes the device. Looking here does not: it is no read.")]
      : []),
    ...(unreadable(register) ? [say("Write only: what a read gives has no meaning.")] : []),
    ...(register.access === "w1c"
      ? [say("Writing back what was read clears it: write 1 to a bit to clear that bit.")]
      : []),
  ];
}

function detail(register: RegisterRow, device: DeviceRow): readonly (HTMLElement | false)[] {
  const { id, space, offset, width, access, reset, physical, watched } = register;
  return [
    h("header", { class: "device-head" }, h("h2", {}, id), h("p", {}, `${device.title}`)),
    h(
      "dl",
      { class: "facts" },
      fact("value", valueText(register)),
      fact("decimal", unreadable(register) ? "" : BigInt(register.value).toString()),
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
  ];
}

interface Looks {
  readonly selected: string | undefined;
  readonly changed: ReadonlyMap<string, string>;
}

const arrows: Readonly<Record<string, number>> = {
  ArrowLeft: 1,
  ArrowRight: -1,
  ArrowUp: 16,
  ArrowDown: -16,
};

/** The Register tab: one register, bit by bit, and what to write to it; beside it the others of its device. */
export class RegisterView {
  readonly element = h("div", { class: "view register-view" });
  readonly #outside: Outside;
  readonly #list = h("div");
  readonly #facts = h("div");
  readonly #bits = h("div");
  readonly #stage: Stage;
  readonly #main: HTMLElement;
  /** What waits to be written, by key. */
  readonly #staged = new Map<string, bigint>();
  /** The bit that Tab reaches. */
  #bit = 0;
  #again: () => void = () => undefined;
  #shown: RegisterRow | undefined;

  constructor(outside: Outside) {
    this.#outside = outside;
    this.#stage = new Stage({
      stage: (value) => this.#put(value),
      write: (verb, value) => outside.write(verb, { register: this.#shown?.id ?? "", value }),
    });
    this.#main = h("div", { class: "detail" }, this.#facts, this.#bits, this.#stage.element);
    this.element.append(this.#list, this.#main);
    this.element.addEventListener("click", (event) => this.#click(event.target as Element));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(state: PanelState, looks: Looks): void {
    this.#again = () => this.draw(state, looks);
    const device = chosenDevice(state.devices, looks.selected);
    const shown = device && chosenRegister(device, looks.selected);
    if (shown?.key !== this.#shown?.key) this.#main.scrollTop = 0;
    this.#shown = shown;
    morph(this.#list, this.#entries(device, looks));
    const none = `${device?.name ?? "The machine"} has no register that has a name.`;
    const facts = device && shown ? detail(shown, device) : [h("p", { class: "quiet" }, none)];
    morph(this.#facts, h("div", {}, ...facts));
    this.#bits.hidden = !shown;
    this.#stage.element.hidden = !shown;
    if (shown) this.#drawBits(shown);
  }

  #entries(device: DeviceRow | undefined, { changed }: Looks): HTMLElement {
    const entries = (device?.registers ?? []).flatMap((register, i, all) => [
      ...(register.space === all[i - 1]?.space ? [] : [h("h3", { role: "presentation" }, register.space)]),
      entry(register, {
        chosen: register === this.#shown,
        was: changed.get(register.key),
        staged: this.#staged.has(register.key),
      }),
    ]);
    const label = `Registers of ${device?.name ?? ""}`;
    return h("div", { class: "topology register-list", role: "listbox", "aria-label": label }, ...entries);
  }

  #drawBits(register: RegisterRow): void {
    const staged = this.#staged.get(register.key);
    this.#bit = Math.min(this.#bit, register.width - 1);
    const staging = { value: staged ?? BigInt(register.value), bit: this.#bit };
    morph(this.#bits, h("div", {}, bitRuler(register, staging)));
    this.#stage.draw(register, staged);
  }

  /** How the last write ended; then nothing waits any more. */
  written(id: string, { sentence, failed }: { sentence: string; failed: boolean }): void {
    if (id !== this.#shown?.id) return;
    if (!failed) this.#put(undefined);
    this.#stage.answer(sentence, failed);
  }

  #put(value: bigint | undefined): void {
    const { key } = this.#shown ?? {};
    if (key === undefined) return;
    if (value === undefined) this.#staged.delete(key);
    else this.#staged.set(key, value);
    this.#again();
  }

  #value(register: RegisterRow): bigint {
    return this.#staged.get(register.key) ?? BigInt(register.value);
  }

  #toggle(bit: number): void {
    if (!this.#shown) return;
    this.#bit = bit;
    this.#put(toggled(this.#value(this.#shown), bit));
  }

  #choose(index: number, part: string): void {
    const field = this.#shown?.fields[index];
    if (this.#shown && field) this.#put(withField(this.#value(this.#shown), field, BigInt(part)));
  }

  #click(target: Element): void {
    const found = target.closest<HTMLElement>("[data-action]");
    const { action: name, key = "", bit, field, value = "" } = found?.dataset ?? {};
    if (name === "entry") this.#outside.select(key);
    else if (name === "watch") this.#outside.watch(this.#shown?.id ?? "");
    else if (name === "translate") this.#outside.translate(this.#shown?.id ?? "");
    else if (name === "bit") this.#toggle(Number(bit));
    else if (name === "enumerator") this.#choose(Number(field), value);
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.dataset["action"] === "entry") this.#keyInList(event, target);
    else if (target.dataset["action"] === "bit") this.#keyInBits(event, Number(target.dataset["bit"]));
  }

  #keyInList(event: KeyboardEvent, target: HTMLElement): void {
    const entries = [...this.element.querySelectorAll<HTMLElement>("[data-action=entry]")];
    const next = entries[moved(entries.indexOf(target), { key: event.key, count: entries.length }) ?? -1];
    if (event.key === "w") this.#outside.watch(this.#shown?.id ?? "");
    if (!next) return;
    this.#outside.select(next.dataset["key"] ?? "");
    next.focus();
    event.preventDefault();
  }

  /** The arrows go from bit to bit; Space and Enter press one, as on any button. */
  #keyInBits(event: KeyboardEvent, bit: number): void {
    const next = this.element.querySelector<HTMLElement>(`[data-bit="${bit + (arrows[event.key] ?? 0)}"]`);
    if (arrows[event.key] === undefined || !next) return;
    this.#bit = Number(next.dataset["bit"]);
    this.#again();
    this.element.querySelector<HTMLElement>(`[data-bit="${this.#bit}"]`)?.focus();
    event.preventDefault();
  }
}
