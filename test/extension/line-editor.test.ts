import { describe, expect, it } from "vitest";
import { keysOf, LineEditor, type Wish } from "../../extension/line-editor";

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const LEFT = "\x1b[D";
const HOME = "\x1b[H";
const ESC = "\x1b";
const SEQUENCE = new RegExp(`${ESC}\\[(\\d*)([A-Z])|([\\s\\S])`, "g");

/** A terminal of `columns`, as far as the editor uses one: rows of text and a cursor. */
class Screen {
  readonly rows: string[] = [""];
  readonly #columns: number;
  #row = 0;
  #column = 0;

  constructor(columns = 80) {
    this.#columns = columns;
  }

  readonly write = (output: string): void => {
    for (const [, count = "1", letter, one = ""] of output.matchAll(SEQUENCE)) {
      if (letter === "A") this.#row -= Number(count);
      else if (letter === "C") this.#column += Number(count);
      else if (letter === "J") this.#erase();
      else this.#put(one);
    }
  };

  get cursor(): readonly [row: number, column: number] {
    return [this.#row, this.#column];
  }

  #erase(): void {
    this.rows.length = this.#row + 1;
    this.rows[this.#row] = (this.rows[this.#row] ?? "").slice(0, this.#column);
  }

  #put(one: string): void {
    if (one === "\r") this.#column = 0;
    else if (one === "\n") this.#down();
    else {
      if (this.#column === this.#columns) this.#down();
      const row = (this.rows[this.#row] ?? "").padEnd(this.#column);
      this.rows[this.#row] = `${row.slice(0, this.#column)}${one}${row.slice(this.#column + 1)}`;
      this.#column += 1;
    }
  }

  #down(): void {
    this.#row += 1;
    this.#column = 0;
    this.rows[this.#row] ??= "";
  }
}

function typed(data: string, { columns = 80, history = [] as readonly string[] } = {}) {
  const screen = new Screen(columns);
  const editor = new LineEditor(screen.write, history);
  editor.columns = columns;
  editor.begin("# ");
  const wishes: Wish[] = [];
  for (const key of keysOf(data)) {
    const wish = editor.press(key);
    if (wish) wishes.push(wish);
    if (wish?.kind === "line") editor.begin("# ");
  }
  return { screen, editor, wishes };
}

describe("keys", () => {
  it("are told apart in what is pasted, sequences whole", () => {
    expect(keysOf(`a${UP}b\x1b[1;5D\x7f\x1bf`)).toEqual(["a", UP, "b", "\x1b[1;5D", "\x7f", "\x1bf"]);
  });
});

describe("a line", () => {
  it("is given at Enter as it was typed", () => {
    expect(typed("lspci -vv\r").wishes).toEqual([{ kind: "line", text: "lspci -vv" }]);
  });

  it.each([
    ["ac", LEFT, "b", "abc"],
    ["abd", "\x7f", "c", "abc"],
    ["bc", HOME, "a", "abc"],
    ["abxc", `${LEFT}${LEFT}\x1b[3~`, "", "abc"],
    ["abc def", "\x17", "", "abc "],
    ["rest abc", `${LEFT}${LEFT}${LEFT}\x15`, "", "abc"],
    ["abc rest", "\x1bb\x0b", "", "abc "],
    ["one two", "\x1b[1;5D\x1b[1;5D\x1b[1;5C", "!", "one! two"],
  ])("%j, %j, %j is %j", (first, keys, more, expected) => {
    const { screen, wishes } = typed(`${first}${keys}${more}\r`);
    expect(wishes).toEqual([{ kind: "line", text: expected }]);
    expect(screen.rows[0]).toBe(`# ${expected}`);
  });

  it("goes on in the next row where the terminal ends, and the cursor with it", () => {
    const { screen } = typed("abcdefghij", { columns: 6 });
    expect(screen.rows).toEqual(["# abcd", "efghij", ""]);
    expect(screen.cursor).toEqual([2, 0]);
  });

  it("is drawn over itself, not below, when it is changed in a row above", () => {
    const { screen } = typed(`abcdefg${HOME}X`, { columns: 6 });
    expect(screen.rows).toEqual(["# Xabc", "defg"]);
    expect(screen.cursor).toEqual([0, 3]);
  });

  it("is left by Ctrl+C, ended by Ctrl+D when it is empty, and cleared by Ctrl+L", () => {
    expect(typed("ab\x03").wishes).toEqual([{ kind: "interrupt" }]);
    expect(typed("\x04").wishes).toEqual([{ kind: "end" }]);
    expect(typed("ab\x04").wishes).toEqual([]);
    expect(typed("\x0c").wishes).toEqual([{ kind: "clear" }]);
  });
});

describe("the history", () => {
  const history = ["dmesg", "lspci"];

  it("goes back and forth, and gives back what was being typed", () => {
    expect(typed(`${UP}\r`, { history }).wishes).toEqual([{ kind: "line", text: "lspci" }]);
    expect(typed(`${UP}${UP}${UP}\r`, { history }).wishes).toEqual([{ kind: "line", text: "dmesg" }]);
    expect(typed(`he${UP}${DOWN}lp\r`, { history }).wishes).toEqual([{ kind: "line", text: "help" }]);
  });

  it("keeps a line once that is typed twice, and no empty one", () => {
    expect(typed("ls\rls\r\r").editor.history).toEqual(["ls"]);
  });
});

describe("Tab", () => {
  it("asks for what stands left of the cursor", () => {
    expect(typed(`cat /p x${LEFT}${LEFT}\t`).wishes).toEqual([{ kind: "complete", left: "cat /p" }]);
  });

  it("types the only choice and a space, but none behind a folder", () => {
    const { editor, screen } = typed("cat /proc/iom");
    editor.offer({ from: 4, choices: ["/proc/iomem"] });
    expect(screen.rows[0]).toBe("# cat /proc/iomem ");
    const folder = typed("cat /pr");
    folder.editor.offer({ from: 4, choices: ["/proc/"] });
    expect(folder.screen.rows[0]).toBe("# cat /proc/");
  });

  it("types what several share, then lists them", () => {
    const { editor, screen } = typed("cat /proc/i");
    const choices = ["/proc/iomem", "/proc/ioports"];
    editor.offer({ from: 4, choices });
    expect(screen.rows[0]).toBe("# cat /proc/io");
    editor.offer({ from: 4, choices });
    expect(screen.rows).toEqual(["# cat /proc/io", "/proc/iomem  /proc/ioports", "# cat /proc/io"]);
  });

  it("changes nothing where there is no choice", () => {
    const { editor, screen } = typed("xyz");
    editor.offer({ from: 0, choices: [] });
    expect(screen.rows).toEqual(["# xyz"]);
  });
});
