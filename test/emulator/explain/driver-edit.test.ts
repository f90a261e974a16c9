import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { insertCall } from "../../../emulator/explain/driver-edit";
import { ENABLE_DEVICE, SET_MASTER, VECTORS } from "../../../emulator/explain/driver-lines";

type Edit = Parameters<typeof insertCall>[1];

function edited(source: string, edit: Edit): string | undefined {
  const insertions = insertCall(source, edit);
  return insertions
    ?.toSorted((a, b) => b.at - a.at)
    .reduce((text, { at, text: more }) => text.slice(0, at) + more + text.slice(at), source);
}

const sample = readFileSync("extension/samples/edu.ts", "utf8");

describe("pci_set_master() goes into probe()", () => {
  test("behind pci_enable_device() and the test of its result, and into the import, in order", () => {
    const source = `import { module_pci_driver, pci_enable_device, type PciDev } from "linux/pci";

function probe(pdev: PciDev): number {
  const error = pci_enable_device(pdev);
  if (error) {
    return error;
  }
  return 0;
}
`;
    expect(
      edited(source, SET_MASTER),
    ).toBe(`import { module_pci_driver, pci_enable_device, type PciDev, pci_set_master } from "linux/pci";

function probe(pdev: PciDev): number {
  const error = pci_enable_device(pdev);
  if (error) {
    return error;
  }
  pci_set_master(pdev);
  return 0;
}
`);
  });

  test("of the sample that comes along, where it stood", () => {
    const without = sample.replace("  pci_set_master(pdev);\n", "").replace("  pci_set_master,\n", "");
    const mended = edited(without, SET_MASTER) ?? "";
    expect(mended).toContain('  pci_set_drvdata,\n  pci_set_master,\n} from "linux/pci"');
    expect(mended).toMatch(
      /pci_enable_device\(pdev\);\n {2}if \(error\) \{\n {4}return error;\n {2}\}\n {2}pci_set_master\(pdev\);\n/,
    );
  });

  test("not again where it is called already", () => {
    expect(edited(sample, SET_MASTER)).toBeUndefined();
  });

  test.each([
    [
      "an if around the call",
      "  if (pci_enable_device(dev)) return -5;\n",
      "  if (pci_enable_device(dev)) return -5;\n  pci_set_master(dev);\n",
    ],
    [
      "a block after it",
      "  if (pci_enable_device(dev) < 0) {\n    return -5;\n  }\n",
      "  if (pci_enable_device(dev) < 0) {\n    return -5;\n  }\n  pci_set_master(dev);\n",
    ],
    [
      "a comment that only speaks of it",
      "  // pci_set_master(dev) comes later\n  pcim_enable_device(dev);\n",
      "  pcim_enable_device(dev);\n  pci_set_master(dev);\n",
    ],
    ["no call before", "  const x = 1;\n", "{\n  pci_set_master(dev);\n  const x = 1;\n"],
  ])("with %s", (_title, body, expected) => {
    const source = `import * as all from "linux/module";\nmodule_pci_driver({ name: "x", id_table: [], probe(dev) {\n${body}  return 0;\n} });\n`;
    expect(edited(source, SET_MASTER)).toContain(expected);
  });

  test.each([
    [
      "a named function",
      "function attach(d: PciDev): number {\n  return 0;\n}\nregister({ probe: attach });\n",
    ],
    [
      "a constant",
      "const attach = (d: PciDev): number => {\n  return 0;\n};\nregister({ probe: attach });\n",
    ],
    ["an arrow function in the table", "register({\n  probe: (d) => {\n    return 0;\n  },\n});\n"],
    ["a function expression", "register({\n  probe: function (d) {\n    return 0;\n  },\n});\n"],
  ])("that is %s, with its own name for the device", (_title, source) => {
    expect(edited(source, SET_MASTER)).toMatch(
      /^import \{ pci_set_master \} from "linux\/pci";\n[\s\S]*\{\n\s+pci_set_master\(d\);\n\s+return 0;/,
    );
  });

  test("by the name of a header that is imported as a whole", () => {
    const source =
      'import * as pci from "linux/pci";\nfunction probe(pdev) {\n  pci.pci_enable_device(pdev);\n  return 0;\n}\n';
    expect(edited(source, SET_MASTER)).toContain(
      "  pci.pci_enable_device(pdev);\n  pci.pci_set_master(pdev);\n",
    );
  });

  test.each([
    ["no probe()", "export function user() {}\n"],
    ["a probe() without a body of its own", "register({ probe: (d) => pcim_enable_device(d) });\n"],
    ["a result that is returned at once", "function probe(d) {\n  return pci_enable_device(d);\n}\n"],
  ])("never into %s", (_title, source) => {
    expect(edited(source, SET_MASTER)).toBeUndefined();
  });
});

describe("pci_enable_device() goes to the beginning of probe()", () => {
  test("with its result looked at, under a name that is free", () => {
    const source = "function probe(pdev) {\n  return 0;\n}\n";
    expect(edited(source, ENABLE_DEVICE)).toBe(
      'import { pci_enable_device } from "linux/pci";\nfunction probe(pdev) {\n  const error = pci_enable_device(pdev);\n  if (error) return error;\n  return 0;\n}\n',
    );
    expect(edited(source.replace("return 0", "const error = 0; return error"), ENABLE_DEVICE)).toContain(
      "const enabled =",
    );
  });

  test("as pci_request_regions() behind it, with the name that the sanitizer gives", () => {
    const line = 'pci_request_regions(pdev, "card");';
    const source =
      "function probe(pdev) {\n  const error = pci_enable_device(pdev);\n  if (error) return error;\n  return 0;\n}\n";
    expect(edited(source, { call: "pci_request_regions", header: "linux/pci", line })).toContain(
      '  if (error) return error;\n  const claimed = pci_request_regions(pdev, "card");\n  if (claimed) return claimed;\n  return 0;',
    );
  });

  test("into a body on one line, too", () => {
    expect(edited("function probe(pdev) { return 0; }\n", ENABLE_DEVICE)).toContain(
      "{\n  const error = pci_enable_device(pdev);\n  if (error) return error;\n   return 0; }",
    );
  });
});

describe("a line with constants", () => {
  test("imports them too", () => {
    const source =
      'import { pci_enable_device } from "linux/pci";\nfunction probe(pdev) {\n  pci_enable_device(pdev);\n  return 0;\n}\n';
    const mended = edited(source, VECTORS) ?? "";
    expect(mended).toContain("PCI_IRQ_ALL_TYPES");
    expect(mended).toMatch(/import \{[^}]*pci_alloc_irq_vectors[^}]*\} from "linux\/pci"/);
    expect(mended).toMatch(/import \{[^}]*PCI_IRQ_ALL_TYPES[^}]*\} from "linux\/pci"/);
    expect(mended).toContain(
      "pci_enable_device(pdev);\n  pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);\n",
    );
  });
});
