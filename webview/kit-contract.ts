/** What the panel wants from a UI kit; kit.ts and kit.elements.ts both give it. */

export interface ButtonOptions {
  readonly label: string;
  /** The name of a codicon. */
  readonly icon?: string;
  readonly secondary?: boolean;
  readonly press: () => void;
}

export interface FieldOptions {
  readonly label: string;
  readonly placeholder: string;
  /** The name of a codicon, drawn at the field's start. */
  readonly icon: string;
  readonly input?: (text: string) => void;
  readonly enter?: (text: string) => void;
}

export interface Field {
  readonly element: HTMLElement;
  value: string;
}

export interface TabEntry {
  readonly id: string;
  readonly label: string;
  readonly content: HTMLElement;
}

export interface Tabs {
  readonly element: HTMLElement;
  select(id: string): void;
}
