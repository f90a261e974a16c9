import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { liveSample } from "../support/sample";

/** The machines that a sample's device is on. */
const MACHINES: Readonly<Record<string, readonly string[]>> = {
  "edu.ts": ["demo", "demo-iommu"],
  "seed-nic.ts": ["seed-nic", "seed-nic-firmware"],
};

/** Programs that open the files of a sample. */
const PROGRAMS: Readonly<Record<string, string>> = { "seed-nic.ts": "seed-nic-user.ts" };

const DRIVER = /^(?!.*-(user|registers)).*\.ts$/;

const samples = readdirSync("extension/samples").filter((name) => DRIVER.test(name));

function live(name: string, machine: string) {
  const program = PROGRAMS[name];
  return liveSample(`extension/samples/${name}`, machine, program && `extension/samples/${program}`);
}

test("every sample names the machines it is for", () => {
  expect(samples).toEqual(Object.keys(MACHINES).toSorted());
});

test.each(samples.flatMap((name) => (MACHINES[name] ?? []).map((machine) => [name, machine] as const)))(
  "%s on %s makes no mistake, and leaves nothing behind",
  (name, machine) => {
    const { kernel } = live(name, machine);
    expect(kernel.services.sanitizer.reports).toEqual([]);
    expect(kernel.log.filter(({ level }) => level === "err" || level === "warn")).toEqual([]);
    expect(kernel.state().mappings).toEqual([]);
    expect(kernel.state().dma).toEqual([]);
  },
);

test("seed-nic.ts drives its card by port and by memory, and a program by its file", () => {
  const { kernel } = live("seed-nic.ts", "seed-nic");
  const log = kernel.log.map(({ text }) => text);
  expect(log).toContain("nic 0000:00:03.0: ports at 0x1000: id 0x5eed0001, link up");
  expect(log).toContain("nic 0000:00:03.0: address ed5e00125452, a frame went round");
  expect(log).toContain('user: back came "hello, cable"');
  expect(log).toContain("user: 2 frames sent, and register 0 is 0x5eed0001");
});
