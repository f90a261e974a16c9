import { h, icon, morph } from "../dom";
import { button, textField } from "../kit";
import type { PanelState, TranslationView } from "../protocol";
import { journey } from "./journey";

/** The Translate tab: any address, hop by hop to what answers, or to where it ends and why. */
export class TranslateView {
  readonly element = h("div", { class: "view translate" });
  readonly #translate: (address: string) => void;
  readonly #field = textField({
    label: "Address",
    placeholder: "0x… virtual or physical, bus:0x…, device.REGISTER",
    icon: "symbol-numeric",
    enter: (text) => this.#ask(text),
  });
  readonly #suggestions = h("div", { class: "suggestions" });
  readonly #answer = h("div", { class: "answer" });

  constructor(translate: (address: string) => void) {
    this.#translate = translate;
    const go = button({ label: "Translate", press: () => this.#ask(this.#field.value) });
    this.#suggestions.addEventListener("click", (event) => {
      const text = (event.target as Element).closest<HTMLElement>("button")?.dataset["key"];
      if (text !== undefined) this.ask(text);
    });
    this.element.append(
      h("div", { class: "toolbar" }, this.#field.element, go),
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

  #ask(text: string): void {
    if (text.trim() !== "") this.#translate(text.trim());
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
