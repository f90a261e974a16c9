import { h, icon, morph } from "../dom";
import { button, textField } from "../kit";
import type { PanelState } from "../protocol";
import type { TranslationView } from "../protocol-explain";
import { journey } from "./journey";

interface Outside {
  translate(address: string): void;
  /** `edu.FACTORIAL` was pressed. */
  register(id: string): void;
}

/** The Translate tab: any address, hop by hop to what answers, or to where it ends and why. */
export class TranslateView {
  readonly element = h("div", { class: "view translate" });
  readonly #outside: Outside;
  readonly #follow = h("input", { type: "checkbox", checked: true }) as HTMLInputElement;
  readonly #field = textField({
    label: "Address",
    placeholder: "0x… virtual or physical, bus:0x…, device.REGISTER",
    icon: "symbol-numeric",
    enter: (text) => this.#ask(text),
  });
  readonly #suggestions = h("div", { class: "suggestions" });
  readonly #answer = h("div", { class: "answer" });

  constructor(outside: Outside) {
    this.#outside = outside;
    const go = button({ label: "Translate", press: () => this.#ask(this.#field.value) });
    this.#suggestions.addEventListener("click", (event) => {
      const text = (event.target as Element).closest<HTMLElement>("button")?.dataset["key"];
      if (text !== undefined) this.ask(text);
    });
    this.#answer.addEventListener("click", ({ target }) => this.#lead(target as Element));
    const follow = h("label", { class: "follow" }, this.#follow, "Follow the driver");
    this.element.append(
      h("div", { class: "toolbar" }, this.#field.element, go, follow),
      this.#suggestions,
      this.#answer,
    );
  }

  /** Fills the field and asks. */
  ask(address: string): void {
    this.#field.value = address;
    this.#ask(address);
  }

  /** Fills the field; the answer is on its way. */
  expect(address: string): void {
    this.#field.value = address;
  }

  /** The driver was stopped at this register: its way is shown, unless somebody wants to stay where he is. */
  touched(register: string): void {
    if (this.#follow.checked) this.ask(register);
  }

  #lead(target: Element): void {
    const { action, key = "" } = target.closest<HTMLElement>("[data-action]")?.dataset ?? {};
    if (action === "ask") this.ask(key);
    else if (action === "register") this.#outside.register(key);
  }

  #ask(text: string): void {
    if (text.trim() !== "") this.#outside.translate(text.trim());
  }

  draw({ examples }: PanelState): void {
    const chips = examples.map((text) =>
      h("button", { class: "chip mono", type: "button", "data-key": text }, text),
    );
    morph(
      this.#suggestions,
      h("div", { class: "suggestions" }, h("span", { class: "quiet" }, "Try"), ...chips),
    );
  }

  show(translation: TranslationView): void {
    morph(this.#answer, h("div", { class: "answer" }, ...journey(translation)));
  }

  refuse(sentence: string): void {
    morph(
      this.#answer,
      h(
        "div",
        { class: "answer" },
        h("p", { class: "sentence dead", role: "alert" }, icon("error"), sentence),
      ),
    );
  }
}
