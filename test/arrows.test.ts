/** Plants one violation per arrow in a little copy of the house: a rule that catches nothing proves nothing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { afterAll, beforeAll, expect, test } from "vitest";
import arrows from "../.dependency-cruiser.mjs";

/** rule → [file that breaks it, what it imports] */
const violations: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "no-cycles": ["emulator/machine/a.ts", "./b"],
  "everything-resolves": ["extension/activate.ts", "./nowhere"],
  "emulator-is-pure": ["emulator/machine/machine.ts", "node:fs"],
  "core-stands-on-nothing": ["emulator/core/arena.ts", "../pci/bar"],
  "pci-stands-on-core": ["emulator/pci/bar.ts", "../linux/kernel"],
  "iommu-stands-on-pci-and-core": ["emulator/iommu/iommu.ts", "../linux/kernel"],
  "mmu-stands-on-core": ["emulator/mmu/page-table.ts", "../linux/kernel"],
  "devices-stands-on-pci-and-core": ["emulator/devices/edu.ts", "../linux/kernel"],
  "devices-are-strangers": ["emulator/devices/edu.ts", "./nic"],
  "emulator-has-doors": ["extension/tree.ts", "../emulator/devices/edu"],
  "host-without-editor": ["extension/host/adapter.ts", "vscode"],
  "host-stands-alone": ["extension/host/worker.ts", "../tree"],
  "only-the-extension-sees-the-editor": ["webview/main.ts", "vscode"],
  "samples-are-drivers": ["extension/samples/edu.ts", "../../emulator/machine/machine"],
  "webview-is-a-leaf": ["webview/rows.ts", "../emulator/machine/machine"],
  "kits-behind-one-file": ["webview/table.ts", "@vscode-elements/elements"],
  "protocol-imports-nothing": ["webview/protocol.ts", "./rows"],
  "only-protocol-leaves-webview": ["extension/panel.ts", "../webview/main"],
  "tests-stay-outside": ["extension/commands.ts", "../test/workbench"],
};

/** What the arrows allow, in the same house. */
const allowed: readonly (readonly [from: string, to: string])[] = [
  ["emulator/devices/edu.ts", "../pci/bar"],
  ["emulator/devices/uart/queue.ts", "./bits"],
  ["emulator/linux/kernel.ts", "linux/pci"],
  ["extension/tree.ts", "../emulator/core/arena"],
  ["extension/tree.ts", "vscode"],
  ["extension/panel.ts", "../webview/protocol"],
  ["extension/samples/edu.ts", "linux/pci"],
  ["webview/main.ts", "./protocol"],
  ["webview/kit.ts", "@vscode/webview-ui-toolkit"],
];

const bystanders = [
  "emulator/linux/kernel.ts",
  "emulator/devices/nic.ts",
  "emulator/devices/uart/bits.ts",
  "test/workbench.ts",
];
const house = mkdtempSync(path.join(tmpdir(), "rootport-arrows-"));
let caught: ReadonlySet<string>;

beforeAll(async () => {
  build();
  caught = await cruiseHouse();
}, 60_000);

afterAll(() => rmSync(house, { recursive: true }));

test("every arrow has a planted violation", () => {
  expect(Object.keys(violations).sort()).toEqual(arrows.forbidden.map(({ name }) => name).sort());
});

test.for(Object.entries(violations))("%s catches its violation", ([name, [from, to]]) => {
  expect(caught).toContain(`${name}: ${from} → ${resolve(from, to)}`);
});

test.for(allowed)("%s may import %s", ([from, to]) => {
  const offence = `${from} → ${resolve(from, to)}`;
  const refused = [...caught].filter(
    (line) => line.endsWith(offence) && !line.startsWith("everything-resolves"),
  );
  expect(refused).toEqual([]);
});

test("every arrow says why in a sentence", () => {
  for (const { comment } of arrows.forbidden) expect(comment).toMatch(/^\S.{15,}\.$/);
});

function build(): void {
  const files = new Map<string, string[]>([["emulator/machine/b.ts", ['import "./a";']]]);
  for (const [from, to] of [...Object.values(violations), ...allowed]) {
    files.set(from, [...(files.get(from) ?? []), `import "${to}";`]);
  }
  for (const file of bystanders) files.set(file, []);
  for (const [file, lines] of files) {
    const target = path.join(house, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, `${lines.join("\n")}\nexport {};\n`);
  }
}

/** The violations as `rule: from → to`. */
async function cruiseHouse(): Promise<ReadonlySet<string>> {
  const { tsPreCompilationDeps, doNotFollow } = arrows.options;
  const options: ICruiseOptions = {
    baseDir: house,
    tsPreCompilationDeps,
    doNotFollow,
    validate: true,
    ruleSet: { forbidden: arrows.forbidden as IForbiddenRuleType[] },
  };
  const { output } = await cruise(["emulator", "extension", "webview", "test"], options);
  const { violations: found } = (output as ICruiseResult).summary;
  return new Set(found.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`));
}

/** How dependency-cruiser names a target: a file of the house, or the bare name of a module outside it. */
function resolve(from: string, to: string): string {
  if (!to.startsWith(".")) return to.replace(/^node:/, "");
  return to === "./nowhere" ? to : `${path.posix.join(path.posix.dirname(from), to)}.ts`;
}
