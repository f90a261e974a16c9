import { describe, expect, it, vi } from "vitest";
import { chooseWatchpoint, typedChoice, type WatchChoice } from "../../extension/watchpoint-choice";

/** A quick pick as far as it is used, with the hands of whoever sits before it. */
class Pick {
  static last: Pick;
  items: readonly WatchChoice[] = [];
  selectedItems: readonly WatchChoice[] = [];
  value = "";
  shown = false;
  #type = (_text: string): void => {};
  #accept = (): void => {};
  #hidden = (): void => {};
  constructor() {
    Pick.last = this;
  }
  readonly onDidChangeValue = (told: (text: string) => void): void => {
    this.#type = told;
  };
  readonly onDidAccept = (told: () => void): void => {
    this.#accept = told;
  };
  readonly onDidHide = (told: () => void): void => {
    this.#hidden = told;
  };
  readonly show = (): void => {
    this.shown = true;
  };
  readonly dispose = (): void => {};
  readonly hide = (): void => {
    this.shown = false;
    this.#hidden();
  };
  type(text: string): void {
    this.value = text;
    this.#type(text);
  }
  enter(selected?: WatchChoice): void {
    this.selectedItems = selected ? [selected] : [];
    this.#accept();
  }
}

vi.mock("vscode", async (original) => ({
  ...(await original<object>()),
  window: { createQuickPick: () => new Pick() },
}));

const registers = [
  { register: "edu.FACTORIAL", description: "0x1" },
  { register: "edu.STATUS", description: "0x0" },
];

describe("what is typed into Add Watchpoint…", () => {
  it("is offered as it stands where it is a watchpoint, whatever the list holds", () => {
    expect(typedChoice(" edu.FACTORIAL w ", registers)).toEqual({
      alwaysShow: true,
      label: "Watch edu.FACTORIAL w",
      description: "write",
      chosen: { kind: "watchpoint", spec: { target: "edu.FACTORIAL", access: "w" } },
    });
    expect(typedChoice("0x40000008+4 w once if $value > 4", registers)?.chosen).toEqual({
      kind: "watchpoint",
      spec: { target: "0x40000008+4", access: "w", more: "once if $value > 4" },
    });
  });

  it("is answered with the sentence of the grammar where it is none, and nothing can be chosen", () => {
    const refused = typedChoice("edu.FACTORIAL x", registers);
    expect(refused?.label).toMatch(/^\$\(error\) Cannot read "x" after the target: a watchpoint reads /);
    expect(refused).toMatchObject({ alwaysShow: true });
    expect(refused?.chosen).toBeUndefined();
  });

  it("is left alone while it finds registers", () => {
    expect(typedChoice("EDU.", registers)).toBeUndefined();
  });
});

describe("Enter in Add Watchpoint…", () => {
  const spec = { target: "edu.FACTORIAL", access: "w" };

  it("takes what is typed, even before its item is there", async () => {
    for (const selects of [true, false]) {
      const chosen = chooseWatchpoint(registers);
      Pick.last.type("edu.FACTORIAL w");
      Pick.last.enter(selects ? Pick.last.items.at(-1) : undefined);
      expect(await chosen).toEqual({ kind: "watchpoint", spec });
      expect(Pick.last.shown).toBe(false);
    }
  });

  it("takes the register that is selected", async () => {
    const chosen = chooseWatchpoint(registers);
    Pick.last.type("stat");
    Pick.last.enter(Pick.last.items[1]);
    expect(await chosen).toEqual({ kind: "register", register: "edu.STATUS" });
  });

  it("on a refusal leaves the list open, and leaving it chooses nothing", async () => {
    const chosen = chooseWatchpoint(registers);
    Pick.last.type("edu.FACTORIAL x");
    Pick.last.enter(Pick.last.items.at(-1));
    expect(Pick.last.shown).toBe(true);
    Pick.last.hide();
    expect(await chosen).toBeUndefined();
  });
});
