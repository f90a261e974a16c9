import { h, icon, morph } from "../dom";
import { button, textField } from "../kit";
import type { RegisterRow, WriteVerb } from "../protocol";
import { cautions, changes, outcome, paddedHex, parseValue } from "../view-model/staging";

interface Outside {
  /** A new value is staged; undefined: none any more. */
  stage(value: bigint | undefined): void;
  write(verb: WriteVerb, value: string): void;
}

const caution = (sentence: string): HTMLElement => h("li", { class: "caution" }, icon("warning"), sentence);

function diff(register: RegisterRow, value: bigint): readonly HTMLElement[] {
  const lines = changes(register, value).map(({ name, from, to }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      h("td", { class: "mono" }, from),
      h("td", { class: "mono" }, to),
    ),
  );
  if (lines.length === 0)
    return [h("p", { class: "quiet" }, "No bit differs; a write still reaches the device.")];
  const head = ["Field", "Now", "Staged"].map((word) => h("th", { scope: "col" }, word));
  const label = `What would change in ${register.id}`;
  return [
    h(
      "table",
      { class: "diff", "aria-label": label },
      h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...lines),
    ),
  ];
}

function staged(register: RegisterRow, value: bigint): readonly (HTMLElement | false)[] {
  const { width } = register;
  const after = outcome(register, value);
  const sentences = cautions(register, value);
  return [
    h(
      "p",
      { class: "staged-way mono" },
      register.value,
      icon("arrow-right"),
      h("b", { class: "staged-value" }, paddedHex(value, width)),
    ),
    ...diff(register, value),
    sentences.length > 0 && h("ul", { class: "cautions" }, ...sentences.map(caution)),
    after !== value &&
      h("p", { class: "quiet" }, `By the rules of its bits it then holds ${paddedHex(after, width)}.`),
  ];
}

/** What is about to be written to a register, and the two ways to write it. */
export class Stage {
  readonly element: HTMLElement;
  readonly #outside: Outside;
  readonly #field = textField({
    label: "New value",
    placeholder: "0x…, decimal or 0b…",
    icon: "edit",
    input: (text) => this.#typed(text),
    enter: () => this.#write("write"),
  });
  readonly #diff = h("div", { class: "staged" });
  readonly #answer = h("p", { class: "stage-answer", role: "status" });
  readonly #actions: HTMLElement;
  #register: RegisterRow | undefined;
  #value: bigint | undefined;

  constructor(outside: Outside) {
    this.#outside = outside;
    const write = button({
      label: "Write over the Bus",
      icon: "arrow-circle-right",
      press: () => this.#write("write"),
    });
    const poke = button({
      label: "Poke past the Bus",
      icon: "edit",
      secondary: true,
      press: () => this.#write("poke"),
    });
    const discard = button({ label: "Discard", secondary: true, press: () => outside.stage(undefined) });
    write.title = "As the CPU writes it, with every effect that it has";
    poke.title = "The stored bits change, and the device notices nothing";
    this.#actions = h("p", { class: "stage-actions" }, write, poke, discard);
    const hint = "Press a bit, choose a meaning, or type a value. Nothing is written before you say so.";
    this.element = h(
      "section",
      { class: "stage", "aria-label": "Write" },
      h("h3", {}, "Write"),
      h("p", { class: "quiet stage-hint" }, hint),
      this.#field.element,
      this.#diff,
      this.#actions,
      this.#answer,
    );
  }

  draw(register: RegisterRow, value: bigint | undefined): void {
    if (register.key !== this.#register?.key) this.#answer.textContent = "";
    if (value !== this.#value || register.key !== this.#register?.key) this.#fill(register, value);
    this.#register = register;
    this.#value = value;
    this.#actions.hidden = value === undefined;
    const content = value === undefined ? [] : staged(register, value);
    morph(this.#diff, h("div", { class: "staged" }, ...content));
  }

  answer(sentence: string, failed: boolean): void {
    this.#answer.textContent = sentence;
    this.#answer.toggleAttribute("data-failed", failed);
  }

  /** What somebody types stays as he types it. */
  #fill({ width }: RegisterRow, value: bigint | undefined): void {
    if (value === undefined) this.#field.value = "";
    else if (parseValue(this.#field.value, width) !== value) this.#field.value = paddedHex(value, width);
  }

  #typed(text: string): void {
    if (!this.#register) return;
    const value = text.trim() === "" ? undefined : parseValue(text, this.#register.width);
    this.answer(typeof value === "string" ? value : "", typeof value === "string");
    this.#value = typeof value === "bigint" ? value : undefined;
    this.#outside.stage(this.#value);
  }

  #write(verb: WriteVerb): void {
    if (this.#value !== undefined) this.#outside.write(verb, `0x${this.#value.toString(16)}`);
  }
}
