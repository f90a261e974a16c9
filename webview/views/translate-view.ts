import { h, icon, morph } from "../dom";
import { button, textField } from "../kit";
import type { HopRow, PanelState, TranslationView } from "../protocol";
import { hopIcon, hopWord, spaceOf, stops } from "../view-model/path";

function way(hops: readonly HopRow[]): HTMLElement {
  const parts = stops(hops).flatMap(({ space, text }, index) => [
    ...(index === 0 ? [] : [icon("arrow-right")]),
    h("span", { class: "stop mono", "data-space": space }, text),
  ]);
  return h("p", { class: "way", "aria-label": "The way in short" }, ...parts);
}

function fact({ label, value }: HopRow["facts"][number]): HTMLElement {
  return h("div", { class: "fact" }, h("dt", {}, label), h("dd", { class: "mono" }, value));
}

function hop({ kind, title, address, facts }: HopRow, index: number): HTMLElement {
  return h(
    "li",
    { class: `hop hop-${kind}`, "data-space": spaceOf(kind), "data-key": `${index} ${kind}` },
    h("span", { class: "hop-mark" }, icon(hopIcon(kind))),
    h(
      "div",
      { class: "hop-card", tabindex: 0 },
      h(
        "div",
        { class: "hop-head" },
        h("span", { class: "hop-kind" }, hopWord(kind)),
        h("span", { class: "hop-title" }, title),
        address !== "" && h("code", { class: "hop-address" }, address),
      ),
      facts.length > 0 && h("dl", { class: "facts" }, ...facts.map(fact)),
    ),
  );
}

function picture({ dead, sentence, hops }: TranslationView): readonly HTMLElement[] {
  return [
    h(
      "p",
      { class: `sentence${dead ? " dead" : ""}`, role: "status" },
      icon(dead ? "error" : "pass-filled"),
      sentence,
    ),
    way(hops),
    h("ol", { class: "hops", "aria-label": "Hop by hop" }, ...hops.map(hop)),
  ];
}

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
    morph(this.#answer, h("div", { class: "answer" }, ...picture(translation)));
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
