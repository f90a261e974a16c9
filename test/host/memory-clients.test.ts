/** What two extensions ask of memory: the requests are theirs, as their sources send them (Memory Inspector 1.2, Peripheral Viewer 1.6). */
import { afterEach, beforeEach, it } from "vitest";
import { driver, lineOf } from "./conversation";
import { Dialogue } from "./dialogue";

const program = driver("factorial");
let dialogue: Dialogue;

beforeEach(async () => {
  dialogue = await Dialogue.open();
  await dialogue.ask("launch", { program });
  const breakpoints = [{ line: lineOf(program, "let sum = 0") }];
  await dialogue.ask("setBreakpoints", { source: { path: program }, breakpoints });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
});
afterEach(() => dialogue.close());

it("Memory Inspector reads at an address, before it and behind it, writes one byte group, and hears of it", async () => {
  await dialogue.ask("readMemory", { memoryReference: "0x40000000", offset: 0, count: 16 });
  await dialogue.ask("readMemory", { memoryReference: "0x40000000", offset: -16, count: 16 });
  await dialogue.ask("readMemory", { memoryReference: "0x40000000", offset: 0xffff8, count: 16 });
  await dialogue.ask("writeMemory", { memoryReference: "0x40000004", data: "AQAAAA==", count: 4 });
  await dialogue.hear("memory");
  await dialogue.ask("readMemory", { memoryReference: "0x40000000", offset: 0, count: 16 });
  await dialogue.ask("writeMemory", { memoryReference: "0x40000005", data: "AQ==", count: 1 });
  await dialogue.ask("writeMemory", { memoryReference: "0x200003", data: "AQIDBAU=", count: 5 });
  await dialogue.ask("readMemory", { memoryReference: "0x200000", offset: 0, count: 8 });
  await dialogue.endAs("memory-inspector");
});

it("Peripheral Viewer reads a peripheral in one block without an offset, and writes whole registers", async () => {
  await dialogue.ask("readMemory", { memoryReference: "0x40000000", count: 40 });
  await dialogue.ask("writeMemory", { memoryReference: "0x40000004", data: "eFY0Eg==" });
  await dialogue.ask("readMemory", { memoryReference: "0x40000004", count: 4 });
  await dialogue.ask("writeMemory", { memoryReference: "0x40000020", data: "gAA=" });
  await dialogue.ask("readMemory", { memoryReference: "0x60000000", count: 4 });
  await dialogue.endAs("peripheral-viewer");
});

it("every space has its prefix; what a device reaches, while it may", async () => {
  await dialogue.ask("evaluate", { expression: "wr edu.config.COMMAND 6", context: "repl" });
  for (const memoryReference of [
    "phys:0x40000000",
    "bus:0x40000000",
    "bus@01:00.0:0x40000000",
    "iova@01:00.0:0x200000",
    "cfg@01:00.0:0x0",
    "io:0xcf8",
    "edu.ID",
    "virt:0xffffc90000000000",
  ])
    await dialogue.ask("readMemory", { memoryReference, count: 4 });
  await dialogue.ask("writeMemory", { memoryReference: "cfg@01:00.0:0x3c", data: "Cw==" });
  await dialogue.ask("readMemory", { memoryReference: "cfg@01:00.0:0x3c", count: 1 });
  await dialogue.ask("writeMemory", { memoryReference: "io:0xcf8", data: "AAAAgA==" });
  await dialogue.ask("readMemory", { memoryReference: "io:0xcfc", count: 4 });
  await dialogue.ask("writeMemory", {
    memoryReference: "cfg@01:00.0:0xfe",
    data: "AQIDBA==",
    allowPartial: true,
  });
  await dialogue.endAs("memory-spaces");
});
