/** Conversations about the machine: one text for each feature, in test/golden/dap. */
import { afterEach, beforeEach, it } from "vitest";
import { driver, lineOf } from "./conversation";
import { Dialogue } from "./dialogue";

const program = driver("factorial");
const thread = { threadId: 1 };
let dialogue: Dialogue;

beforeEach(async () => {
  dialogue = await Dialogue.open();
});
afterEach(() => dialogue.close());

async function stoppedAt(text: string, file = program): Promise<void> {
  await dialogue.ask("launch", { program: file });
  const breakpoints = [{ line: lineOf(file, text) }];
  await dialogue.ask("setBreakpoints", { source: { path: file }, breakpoints });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
}

async function type(expression: string): Promise<void> {
  await dialogue.ask("evaluate", { expression, context: "repl", frameId: 1 });
}

it("the device has a scope: registers that are written over the bus or poked, and what Linux made for its driver", async () => {
  await stoppedAt("let sum = 0");
  await dialogue.ask("scopes", { frameId: 1 });
  await dialogue.ask("variables", { variablesReference: 3 });
  await dialogue.ask("setVariable", { variablesReference: 3, name: "LIVENESS", value: "0x1" });
  await dialogue.ask("setVariable", { variablesReference: 3, name: "LIVENESS", value: "one" });
  await dialogue.ask("rootport/touch", { verb: "poke", at: "edu.LIVENESS", value: "0x1" });
  await dialogue.endAs("device-scope");
});

it("a data breakpoint at an address is asked for before the machine runs, and binds when it is mapped", async () => {
  await dialogue.ask("dataBreakpointInfo", { name: "0xffffc90000000008", asAddress: true, bytes: 4 });
  const dataId = "0xffffc90000000008+4";
  await dialogue.ask("setDataBreakpoints", { breakpoints: [{ dataId, accessType: "write" }] });
  await dialogue.ask("launch", { program });
  await dialogue.ask("configurationDone");
  await dialogue.hear("breakpoint");
  await dialogue.hear("stopped");
  await dialogue.hear("breakpoint");
  await dialogue.endAs("data-breakpoint-at-address");
});

it("watchpoints of the source are chosen by group", async () => {
  await dialogue.ask("launch", { program: driver("watches") });
  const filterOptions = [{ filterId: "source-watchpoints", condition: "life" }];
  await dialogue.ask("setExceptionBreakpoints", { filters: [], filterOptions });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
  await dialogue.endAs("source-watchpoints");
});

it("watchpoints of one access overlap: each is named, each by itself", async () => {
  await dialogue.ask("launch", { program, watchpoints: ["edu once", "edu.BAR0 w if $value == 3"] });
  const wish = { dataId: "edu.FACTORIAL", accessType: "write", condition: "$value == 3" };
  await dialogue.ask("setDataBreakpoints", {
    breakpoints: [wish, { dataId: "0x40000008+4", hitCondition: "3" }],
  });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
  await dialogue.ask("continue", thread);
  await dialogue.hear("stopped");
  await dialogue.endAs("overlapping-watchpoints");
});

it("the bench traces, injects, interrupts, and keeps states", async () => {
  await stoppedAt("iowrite32(n, card.io, FACTORIAL)");
  await type("state save before");
  await type("trace on");
  await dialogue.ask("next", thread);
  await dialogue.hear("stopped");
  await type("trace 1");
  await type("state diff before");
  await type("irq");
  await type("inject edu read 1 timeout");
  await type("ioread32(card.io, 0)");
  await type("inject clear");
  await type("state restore before");
  await type("peek edu.STATUS");
  await dialogue.endAs("bench");
});

it("a mistake of the driver, although the machine goes on, stops where it is asked for", async () => {
  await dialogue.ask("launch", { program: driver("events") });
  const filterOptions = [{ filterId: "sanitizer", condition: '$dev == "no-claim"' }];
  await dialogue.ask("setExceptionBreakpoints", { filters: [], filterOptions });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
  await dialogue.ask("exceptionInfo", thread);
  await dialogue.endAs("sanitizer");
});

it("addresses are walked and translated", async () => {
  await stoppedAt("let sum = 0");
  await type("walk 0xffffc90000000008");
  await type("walk 0xffffc9ff00000000");
  await type("help walk");
  await dialogue.endAs("walk");
});
