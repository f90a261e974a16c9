import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver } from "./conversation";

let folder: string;
let talk: Conversation;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "rootport-"));
  talk = await Conversation.open();
});
afterEach(async () => {
  await talk.close();
  rmSync(folder, { recursive: true });
});

function written(name: string, lines: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, lines.join("\n"));
  return file;
}

async function refusal(launch: object): Promise<string> {
  const started = talk.client.launchRequest(launch);
  return started.then(
    () => "launched",
    (error: Error) => error.message,
  );
}

describe("a driver that cannot run is refused with one sentence", () => {
  it.each([
    ["a syntax error", ["const a = 1;", "const b = ;"], "bad.ts:2: Expression expected."],
    ["an enum", ["", "enum A { B }"], "bad.ts:2: TypeScript enum is not supported"],
    [
      "an early error",
      ["let a = 1;", "export let a = 2;"],
      "bad.ts:2: Identifier 'a' has already been declared.",
    ],
    [
      "a foreign import",
      ["", 'import fs from "node:fs";'],
      'bad.ts:2: imports "node:fs", but a driver may import only',
    ],
    [
      "a header that is not here",
      ['import {} from "linux/usb";'],
      'bad.ts:1: imports "linux/usb", which is not here yet',
    ],
    [
      "a missing file",
      ['import "./gone.ts";'],
      'bad.ts:1: imports "./gone.ts", and there is no such .ts file.',
    ],
    [
      "a missing function",
      ["import {", "  pci_nonsense,", '} from "linux/pci";'],
      "bad.ts:2: linux/pci has no pci_nonsense yet.",
    ],
  ])("%s", async (_title, lines, sentence) => {
    const program = written("bad.ts", lines);
    expect(await refusal({ program })).toContain(sentence);
    const line = Number(/:(\d+):/.exec(sentence)?.[1]);
    expect((await talk.heard("rootport/problem")).body).toMatchObject({ path: program, line });
  });

  it("an import's own mistake is blamed on the imported file", async () => {
    written("other.ts", ["export const a = ;"]);
    expect(await refusal({ program: written("bad.ts", ['import { a } from "./other.ts";', "a;"]) })).toMatch(
      /^other\.ts:1: /,
    );
  });

  it("a file that is not there", async () => {
    expect(await refusal({ program: path.join(folder, "gone.ts") })).toBe(
      "gone.ts:1: the file cannot be read (ENOENT).",
    );
  });

  it("and the next launch works", async () => {
    await refusal({ program: written("bad.ts", ["const b = ;"]) });
    await talk.run(driver("factorial"));
    await talk.heard("rootport/idle");
  });
});

describe("a machine that cannot be opened is refused with one sentence", () => {
  const program = driver("factorial");
  const good = { name: "m", title: "M", ram: 1 << 28, hostBridge: { ecam: "0xb0000000", windows: [] } };
  const machineOf = (functions: object) => JSON.stringify({ ...good, functions }, null, 2).split("\n");

  it.each([
    ["broken JSON", ["{", '  "name": "m"', '  "title": "x"', "}"], /^m\.pcie\.json:3: comma expected\.$/],
    [
      "a missing property",
      ['{ "name": "m" }'],
      /^m\.pcie\.json:1: the machine must have required property 'title'\.$/,
    ],
    [
      "an unknown property",
      machineOf([{ at: "00.0", device: "edu", colour: 1 }]),
      /^m\.pcie\.json:\d+: functions\.0 has no property "colour"\.$/,
    ],
    [
      "an unknown device",
      machineOf([{ at: "00.0", device: "edo" }]),
      /^m\.pcie\.json:\d+: there is no device "edo"; there is .*edu/,
    ],
  ])("%s", async (_title, lines, sentence) => {
    const machine = written("m.pcie.json", lines);
    expect(await refusal({ program, machine })).toMatch(sentence);
    expect((await talk.heard("rootport/problem")).body).toMatchObject({ path: machine });
  });

  it("a name that is not built in", async () => {
    expect(await refusal({ program, machine: "nonsense" })).toMatch(
      /^There is no machine "nonsense": name one of demo/,
    );
  });
});
