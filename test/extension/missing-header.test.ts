import { expect, it } from "vitest";
import { missingHeader } from "../../extension/host/worker/missing-header";

const headers = ["linux/io", "linux/delay", "linux/interrupt", "linux/pci", "linux/dma-mapping"];

it.each([
  ["linux/interupt", "the nearest is linux/interrupt."],
  ["linux/dealy", "the nearest is linux/delay."],
  ["linux/dma_mapping", "the nearest is linux/dma-mapping."],
  ["linux/pci_regs", "the nearest is linux/pci."],
  ["linux/usb", 'completion after "linux/ lists the 5 that are.'],
  ["linux/fs", 'completion after "linux/ lists the 5 that are.'],
])("an import of %s, which is not here, is told in one short sentence: %s", (name, mend) => {
  expect(missingHeader(name, headers)).toBe(`imports "${name}", which is not here yet; ${mend}`);
});
