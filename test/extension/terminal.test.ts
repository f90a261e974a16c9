import { expect, it, vi } from "vitest";
import { contributeTerminal } from "../../extension/terminal";

interface Opened {
  readonly creationOptions: object;
  exitStatus: object | undefined;
  readonly show: () => void;
}

const editor = vi.hoisted(() => ({
  terminals: [] as Opened[],
  shown: [] as number[],
  commands: new Map<string, () => void>(),
}));

vi.mock("vscode", async (original) => ({
  ...(await original<object>()),
  EventEmitter: class {},
  ThemeIcon: class {},
  Disposable: { from: () => undefined },
  commands: { registerCommand: (name: string, run: () => void) => editor.commands.set(name, run) },
  window: {
    terminals: editor.terminals,
    registerTerminalProfileProvider: () => undefined,
    createTerminal: (creationOptions: object) => {
      const index = editor.terminals.length;
      const show = () => editor.shown.push(index);
      editor.terminals.push({ creationOptions, exitStatus: undefined, show });
      return editor.terminals[index];
    },
  },
}));

it("Open Terminal shows the one that is open, and opens one where there is none or it has ended", () => {
  const memory = { get: () => [], update: () => Promise.resolve(), keys: () => [] };
  // A shell of the editor's own, and another extension's terminal.
  for (const creationOptions of [{ name: "bash" }, { name: "Rootport", pty: {} }])
    editor.terminals.push({ creationOptions, exitStatus: undefined, show: () => editor.shown.push(-1) });
  contributeTerminal({} as Parameters<typeof contributeTerminal>[0], memory);
  const open = editor.commands.get("rootport.openTerminal");
  open?.();
  open?.();
  const [, , own] = editor.terminals;
  if (own) own.exitStatus = {};
  open?.();
  expect(editor.shown).toEqual([2, 2, 3]);
});
