import type { Field, FieldOptions } from "./kit-contract";

/** Both kits' text fields are elements with a value, an input event and keys. */
export function fieldOf(element: HTMLElement & { value: string }, { input, enter }: FieldOptions): Field {
  element.addEventListener("input", () => input?.(element.value));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") enter?.(element.value);
  });
  return {
    element,
    get value() {
      return element.value;
    },
    set value(text) {
      element.value = text;
    },
  };
}
