/**
 * One line as a person edits it in a terminal, with the keys of readline: keys in, what the terminal shows out.
 * Not modelled: characters two columns wide, and keys that change the line in other ways than these.
 */
import { common, type Shown, screen } from "./line-screen";

/** What a key asked for beyond the line itself. */
export type Wish =
  | { readonly kind: "line"; readonly text: string }
  /** `left`: up to the cursor. */
  | { readonly kind: "complete"; readonly left: string }
  | { readonly kind: "interrupt" | "end" | "clear" };

export interface Offer {
  /** Index in the line from which on a choice stands in the place of what was typed. */
  readonly from: number;
  readonly choices: readonly string[];
}

/** Keys by what a terminal sends for them (xterm's control sequences). */
const KEYS: Readonly<Record<string, Move>> = {
  "\x1b[D": "left",
  "\x02": "left",
  "\x1b[C": "right",
  "\x06": "right",
  "\x1b[A": "older",
  "\x10": "older",
  "\x1b[B": "newer",
  "\x0e": "newer",
  "\x1b[H": "home",
  "\x1bOH": "home",
  "\x1b[1~": "home",
  "\x01": "home",
  "\x1b[F": "end",
  "\x1bOF": "end",
  "\x1b[4~": "end",
  "\x05": "end",
  "\x1b[1;5D": "wordLeft",
  "\x1bb": "wordLeft",
  "\x1b[1;5C": "wordRight",
  "\x1bf": "wordRight",
  "\x7f": "back",
  "\x08": "back",
  "\x1b[3~": "remove",
  "\x17": "cutWord",
  "\x15": "cutLeft",
  "\x0b": "cutRight",
};

type Move =
  | "left"
  | "right"
  | "home"
  | "end"
  | "wordLeft"
  | "wordRight"
  | "back"
  | "remove"
  | "cutWord"
  | "cutLeft"
  | "cutRight"
  | "older"
  | "newer";

const ESC = "\x1b";
const ONE_KEY = new RegExp(`${ESC}(?:\\[[0-9;]*[~A-Za-z]|O[A-Z]|[a-z])|[\\s\\S]`, "gu");

/** What was typed or pasted, key by key. */
export const keysOf = (data: string): readonly string[] => data.match(ONE_KEY) ?? [];

export class LineEditor {
  readonly #write: (text: string) => void;
  readonly #history: string[];
  #prompt = "";
  #columns = 80;
  #text = "";
  #cursor = 0;
  /** Where in the history; its length for the line that is being typed. */
  #at: number;
  #draft = "";
  #shown: Shown = { row: 0 };

  /** `write`: to the terminal. `history`: oldest first. */
  constructor(write: (text: string) => void, history: readonly string[] = []) {
    this.#write = write;
    this.#history = [...history];
    this.#at = history.length;
  }

  get history(): readonly string[] {
    return this.#history;
  }

  set columns(columns: number) {
    this.#columns = columns;
  }

  /** A new, empty line behind `prompt`. */
  begin(prompt: string): void {
    this.#prompt = prompt;
    this.#text = "";
    this.#cursor = 0;
    this.#at = this.#history.length;
    this.#shown = { row: 0 };
    this.#draw();
  }

  press(key: string): Wish | undefined {
    const move = KEYS[key];
    if (move !== undefined) return this.#move(move);
    if (key === "\r" || key === "\n") return this.#enter();
    if (key === "\t") return { kind: "complete", left: this.#text.slice(0, this.#cursor) };
    if (key === "\x03") return this.#leave("^C", { kind: "interrupt" });
    if (key === "\x04") return this.#text === "" ? { kind: "end" } : this.#move("remove");
    if (key === "\x0c") return { kind: "clear" };
    if (key >= " " && !key.startsWith(ESC)) this.#replace({ from: this.#cursor, to: this.#cursor, by: key });
    return undefined;
  }

  /** Tab's answer: what all choices share is typed; several that share no more are listed. */
  offer({ from, choices }: Offer): void {
    const [only = "", another] = choices;
    const shared = common(choices);
    if (another === undefined && only !== "")
      this.#replace({ from, to: this.#cursor, by: /[/:]$/.test(only) ? only : `${only} ` });
    else if (shared.length > this.#cursor - from) this.#replace({ from, to: this.#cursor, by: shared });
    else if (choices.length > 0) this.#list(choices);
  }

  /** Draws the line again where the screen was cleared. */
  redraw(): void {
    this.#shown = { row: 0 };
    this.#draw();
  }

  #enter(): Wish {
    const text = this.#text;
    if (text.trim() !== "" && this.#history.at(-1) !== text) this.#history.push(text);
    return this.#leave("", { kind: "line", text });
  }

  #leave(mark: string, wish: Wish): Wish {
    this.#cursor = this.#text.length;
    this.#draw();
    this.#write(`${mark}\r\n`);
    return wish;
  }

  #list(choices: readonly string[]): void {
    this.#write(`\r\n${choices.join("  ")}\r\n`);
    this.redraw();
  }

  #replace({ from, to, by }: { from: number; to: number; by: string }): void {
    this.#text = `${this.#text.slice(0, from)}${by}${this.#text.slice(to)}`;
    this.#cursor = from + by.length;
    this.#draw();
  }

  #move(move: Move): undefined {
    const { length } = this.#text;
    const at = this.#cursor;
    const cut = (from: number, to: number) => this.#replace({ from, to, by: "" });
    if (move === "back") cut(Math.max(0, at - 1), at);
    else if (move === "remove") cut(at, Math.min(length, at + 1));
    else if (move === "cutWord") cut(this.#wordLeft(), at);
    else if (move === "cutLeft") cut(0, at);
    else if (move === "cutRight") cut(at, length);
    else if (move === "older" || move === "newer") this.#recall(this.#at + (move === "older" ? -1 : 1));
    else
      this.#go(
        {
          home: 0,
          end: length,
          left: at - 1,
          right: at + 1,
          wordLeft: this.#wordLeft(),
          wordRight: this.#wordRight(),
        }[move],
      );
  }

  #go(to: number): void {
    this.#cursor = Math.max(0, Math.min(this.#text.length, to));
    this.#draw();
  }

  #wordLeft(): number {
    return /\S*\s*$/.exec(this.#text.slice(0, this.#cursor))?.index ?? 0;
  }

  #wordRight(): number {
    return this.#cursor + (/^\s*\S*/.exec(this.#text.slice(this.#cursor))?.[0].length ?? 0);
  }

  #recall(at: number): void {
    if (at < 0 || at > this.#history.length) return;
    if (this.#at === this.#history.length) this.#draft = this.#text;
    this.#at = at;
    this.#text = this.#history[at] ?? this.#draft;
    this.#go(this.#text.length);
  }

  #draw(): void {
    const line = { prompt: this.#prompt, text: this.#text, cursor: this.#cursor };
    const { output, shown } = screen(this.#shown, line, this.#columns);
    this.#shown = shown;
    this.#write(output);
  }
}
