import { h, icon, morph } from "../dom";
import { button, textField } from "../kit";
import type { FromPanel, PanelState } from "../protocol";
import type { ExplainQuestion, Explanation } from "../protocol-explain";
import { explained } from "./explanation";

interface Outside {
  post(message: FromPanel): void;
  /** To the Translate tab. */
  translate(address: string): void;
  register(id: string): void;
}

const NO_FAILURE = "No access has failed. Type an address: what would become of a read or a write there?";

/** The Explain tab: why an access ends as it does. Without an address, the last one that failed. */
export class ExplainView {
  readonly element = h("div", { class: "view explain" });
  readonly #outside: Outside;
  readonly #field = textField({
    label: "Access",
    placeholder: "0x…, bus@01:00.0:0x…, device.REGISTER, device.interrupt",
    icon: "question",
    enter: (text) => this.ask(text),
  });
  readonly #write = h("input", { type: "checkbox" }) as HTMLInputElement;
  readonly #suggestions = h("div");
  readonly #answer = h("div");
  #question: ExplainQuestion = { write: false };
  #shown = false;

  constructor(outside: Outside) {
    this.#outside = outside;
    const go = button({ label: "Explain", press: () => this.ask(this.#field.value) });
    const last = button({
      label: "Last Failure",
      icon: "history",
      secondary: true,
      press: () => this.ask(""),
    });
    const write = h("label", { class: "follow" }, this.#write, "A write");
    this.#write.addEventListener("change", () =>
      this.#wonder({ ...this.#question, write: this.#write.checked }),
    );
    this.element.append(
      h("div", { class: "toolbar" }, this.#field.element, write, go, last),
      this.#suggestions,
      this.#answer,
    );
    this.element.addEventListener("click", ({ target }) => this.#click(target as Element));
  }

  /** Empty text: the last access that failed. */
  ask(text: string): void {
    const address = text.trim();
    this.#field.value = address;
    this.#wonder({ write: this.#write.checked, ...(address !== "" && { address }) });
  }

  /** The tab is on screen: the answer comes, and comes again at each change. */
  draw({ examples }: PanelState): void {
    const chips = examples.map((text) =>
      h("button", { class: "chip mono", type: "button", "data-action": "example", "data-key": text }, text),
    );
    morph(
      this.#suggestions,
      h("div", { class: "suggestions" }, h("span", { class: "quiet" }, "Try"), ...chips),
    );
    if (this.#shown) return;
    this.#shown = true;
    this.#wonder(this.#question);
  }

  leave(): void {
    if (this.#shown) this.#outside.post({ type: "explain" });
    this.#shown = false;
  }

  show(explanation: Explanation | null): void {
    const none = h("p", { class: "quiet" }, NO_FAILURE);
    morph(this.#answer, h("div", { class: "answer" }, ...(explanation ? explained(explanation) : [none])));
  }

  refuse(sentence: string): void {
    const alert = h("p", { class: "sentence dead", role: "alert" }, icon("error"), sentence);
    morph(this.#answer, h("div", { class: "answer" }, alert));
  }

  #wonder(question: ExplainQuestion): void {
    this.#question = question;
    if (this.#shown) this.#outside.post({ type: "explain", question });
  }

  #click(target: Element): void {
    const { action, key = "" } = target.closest<HTMLElement>("[data-action]")?.dataset ?? {};
    if (action === "example") this.ask(key);
    else if (action === "ask") this.#outside.translate(key);
    else if (action === "register") this.#outside.register(key);
    else if (action === "copy") this.#outside.post({ type: "copy", text: key });
    else if (action === "mend") this.#mend(key);
  }

  /** `wr edu.config.COMMAND.MEMORY 1`: over the bus, as the driver would. */
  #mend(command: string): void {
    const [, register = "", value = ""] = command.split(" ");
    this.#outside.post({ type: "write", verb: "write", register, value });
  }
}
