import { h, icon, morph } from "../dom";
import { button, textField } from "../kit";
import type { FromPanel } from "../protocol";
import type { BootReplay, BootStep } from "../protocol-boot";
import { itemText, stepEnd, stepWord } from "../view-model/boot";
import { bootStep, phantoms } from "./boot-step";
import { LongList } from "./long-list";

interface Outside {
  post(message: FromPanel): void;
}

/** Milliseconds a step is shown while it plays. */
const PACE = 900;

const glyphs: Readonly<Record<BootStep["kind"], string>> = {
  claim: "lock",
  size: "arrow-both",
  place: "pinned",
  expand: "arrow-both",
  release: "discard",
  retry: "refresh",
};

function row(step: BootStep, index: number): HTMLElement {
  const { item, kind, failed } = step;
  return h(
    "div",
    { class: `boot-row${failed === undefined ? "" : " failed"}`, "data-key": `${index}` },
    icon(glyphs[kind]),
    h("span", { class: "boot-word" }, stepWord(step)),
    h("span", { class: "boot-item" }, item ? itemText(item).replace(/^the /, "") : ""),
    h("span", { class: "boot-end mono" }, stepEnd(step)),
  );
}

const tool = (action: string, { label, glyph }: { label: string; glyph: string }): HTMLElement =>
  h(
    "button",
    { class: "icon-button", type: "button", "data-action": action, "aria-label": label, title: label },
    icon(glyph),
  );

/** The Boot Replay tab: how Linux came to its addresses, one decision after the other. */
export class BootView {
  readonly element = h("div", { class: "view boot" });
  readonly #outside: Outside;
  readonly #range = h("input", {
    type: "range",
    min: 0,
    max: 0,
    value: 0,
    "aria-label": "Decision",
  }) as HTMLInputElement;
  readonly #whatIf = textField({
    label: "What if",
    placeholder: "What if: edu.BAR0=256M, realloc, no-above-4g",
    icon: "beaker",
    enter: () => this.#run(),
  });
  readonly #refusal = h("p", { class: "quiet", role: "alert" });
  readonly #tools = h("span");
  readonly #count = h("span", { class: "quiet" });
  readonly #list: LongList;
  readonly #step = h("div", { class: "boot-step" });
  #replay: BootReplay | undefined;
  #machine: string | undefined;
  #index = 0;
  #playing: ReturnType<typeof setInterval> | undefined;

  constructor(outside: Outside) {
    this.#outside = outside;
    this.#list = new LongList({
      label: "Decisions, in their order",
      rowHeight: 24,
      want: (from, count) => this.#drawRows(from, count),
      open: (index) => this.#go(index),
      choose: (index) => this.#go(index),
    });
    this.#range.addEventListener("input", () => this.#jump(Number(this.#range.value)));
    this.element.addEventListener("click", ({ target }) => this.#click(target as Element));
    const run = button({
      label: "Boot Again",
      icon: "debug-rerun",
      secondary: true,
      press: () => this.#run(),
    });
    const wishes = h("div", { class: "toolbar" }, this.#whatIf.element, run, this.#refusal);
    const toolbar = h("div", { class: "toolbar boot-toolbar" }, this.#tools, this.#range, this.#count);
    this.element.append(wishes, toolbar, h("div", { class: "boot-body" }, this.#list.element, this.#step));
  }

  /** The tab is on screen. `machine`: another one has booted otherwise. */
  draw(machine: string): void {
    if (machine === this.#machine) return;
    this.#machine = machine;
    this.#run();
  }

  /** The machine boots once more, on the side, with what was changed: nothing of the one that is on is touched. */
  #run(): void {
    const whatIf = this.#whatIf.value.split(",").map((wish) => wish.trim());
    this.#outside.post({ type: "boot", whatIf: whatIf.filter((wish) => wish !== "") });
  }

  refuse(sentence: string): void {
    this.#refusal.textContent = sentence;
  }

  leave(): void {
    this.#play(false);
  }

  show(replay: BootReplay): void {
    this.#replay = replay;
    this.refuse("");
    this.#index = Math.min(this.#index, Math.max(0, replay.steps.length - 1));
    this.#range.max = String(Math.max(0, replay.steps.length - 1));
    this.#list.restart(0);
    this.#drawRows(0, 60);
    this.#list.choose(this.#index);
    this.#drawStep();
  }

  get #steps(): readonly BootStep[] {
    return this.#replay?.steps ?? [];
  }

  #drawRows(from: number | "end", count: number): void {
    const total = this.#steps.length;
    const first = from === "end" ? Math.max(0, total - count) : from;
    const rows = this.#steps.slice(first, first + count).map((step, i) => row(step, first + i));
    this.#list.draw({ total, from: first, rows });
  }

  #drawStep(): void {
    const step = this.#steps[this.#index];
    const none = h("p", { class: "quiet" }, "Linux had nothing to decide.");
    const last = this.#index === this.#steps.length - 1;
    const content = step ? bootStep(step) : [none];
    const unplaced = last && phantoms(this.#replay?.unplaced ?? []);
    morph(this.#step, h("div", { class: "boot-step" }, ...content, unplaced));
    this.#range.value = String(this.#index);
    this.#range.setAttribute("aria-valuetext", `${this.#index + 1} of ${this.#steps.length}`);
    this.#count.textContent = step ? `${this.#index + 1} of ${this.#steps.length}` : "";
    this.#drawTools();
  }

  #drawTools(): void {
    const plays = this.#playing !== undefined;
    const play = { label: plays ? "Pause" : "Play", glyph: plays ? "debug-pause" : "play" };
    const all = [
      tool("first", { label: "First decision", glyph: "chevron-left" }),
      tool("back", { label: "One back", glyph: "arrow-left" }),
      tool("play", play),
      tool("on", { label: "One on", glyph: "arrow-right" }),
      tool("failed", { label: "Next one that failed", glyph: "error" }),
    ];
    morph(this.#tools, h("span", {}, ...all));
  }

  #click(target: Element): void {
    const { action } = target.closest<HTMLElement>("[data-action]")?.dataset ?? {};
    if (action === "play") this.#play(this.#playing === undefined);
    else if (action === "first") this.#jump(0);
    else if (action === "back") this.#jump(this.#index - 1);
    else if (action === "on") this.#jump(this.#index + 1);
    else if (action === "failed") this.#jump(this.#nextFailed());
  }

  #nextFailed(): number {
    const failed = this.#steps.flatMap((step, index) => (step.failed === undefined ? [] : [index]));
    return failed.find((index) => index > this.#index) ?? failed[0] ?? this.#index;
  }

  #play(on: boolean): void {
    clearInterval(this.#playing);
    this.#playing = on ? setInterval(() => this.#jump(this.#index + 1), PACE) : undefined;
    this.#drawTools();
  }

  #jump(index: number): void {
    this.#list.choose(index);
    if (index >= this.#steps.length - 1) this.#play(false);
  }

  #go(index: number): void {
    if (index === this.#index) return;
    this.#index = index;
    this.#drawStep();
  }
}
