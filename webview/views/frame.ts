import { h, icon, morph } from "../dom";
import { button, progress } from "../kit";
import type { PanelState } from "../protocol";

const phaseWords: Readonly<Record<string, string>> = {
  off: "off",
  ready: "ready",
  running: "driver running",
  paused: "driver paused",
  idle: "driver bound",
  ended: "driver removed",
};

/** The line above the tabs: which machine, what it does, how late it is there. */
export function masthead({ name, machine, phase, time }: PanelState): HTMLElement {
  return h(
    "header",
    { class: "masthead" },
    icon("circuit-board"),
    h("h1", { title: machine }, name, h("span", { class: "masthead-title" }, machine)),
    h(
      "span",
      { class: "phase", "data-phase": phase, role: "status", "aria-live": "polite" },
      phaseWords[phase] ?? phase,
    ),
    h("span", { class: "time mono", title: "Virtual time since power-on" }, icon("watch"), time),
  );
}

/** What is shown instead of a machine. */
export class EmptyView {
  readonly element = h("section", { class: "empty" });
  readonly #sentence = h("p", { role: "status" });
  readonly #start: HTMLElement;
  readonly #progress = progress("Powering on");

  constructor(start: () => void) {
    this.#start = button({ label: "Start Machine", icon: "play", press: start });
    const mark = h("div", { class: "empty-mark" }, icon("circuit-board"));
    const hint = h(
      "p",
      { class: "quiet" },
      "Power on a PCIe machine to see its devices, BARs and addresses.",
    );
    this.element.append(mark, this.#sentence, hint, this.#start, this.#progress);
  }

  draw(sentence: string): void {
    this.#sentence.textContent = sentence;
    const starting = sentence.endsWith("…");
    this.#start.hidden = starting;
    this.#progress.hidden = !starting;
  }
}

/** Puts the newest masthead in the place of the last. */
export const drawMasthead = (live: Element, state: PanelState): void => morph(live, masthead(state));
