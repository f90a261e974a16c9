/** Conversations about the driver's code: one text for each feature, in test/golden/dap. */
import { afterEach, beforeEach, it } from "vitest";
import { driver, lineOf } from "./conversation";
import { Dialogue } from "./dialogue";

const program = driver("factorial");
const source = { path: program };
const line = (text: string) => lineOf(program, text);
const thread = { threadId: 1 };
let dialogue: Dialogue;

beforeEach(async () => {
  dialogue = await Dialogue.open();
});
afterEach(() => dialogue.close());

async function run(...breakpoints: object[]): Promise<void> {
  await dialogue.ask("launch", { program });
  await dialogue.ask("setBreakpoints", { source, breakpoints });
  await dialogue.ask("configurationDone");
}

async function stopped(): Promise<void> {
  await dialogue.hear("stopped");
  await dialogue.ask("stackTrace", thread);
}

it("breakpoints wait for the driver, move to code, have conditions, counts and messages, and say what is wrong", async () => {
  const breakpoints = [
    { line: line("interface Card") },
    { line: line("let polls = 0"), condition: "n === 2" },
    { line: line("return ioread32(card.io"), hitCondition: ">= 3" },
    { line: line("let sum = 0"), logMessage: "sum is {card.interrupts}" },
    { line: line("const before"), condition: "before ===" },
  ];
  await dialogue.ask("setBreakpoints", { source, breakpoints });
  await dialogue.ask("setBreakpoints", { source: { path: driver("spin") }, breakpoints: [{ line: 8 }] });
  await dialogue.ask("launch", { program });
  await dialogue.ask("setBreakpoints", { source, breakpoints });
  await dialogue.ask("setFunctionBreakpoints", { breakpoints: [{ name: "raise" }, { name: "nonsense" }] });
  await dialogue.ask("breakpointLocations", { source, line: line("for (let n") });
  await dialogue.ask("configurationDone");
  for (let stop = 0; stop < 4; stop++) {
    await dialogue.hear("stopped");
    await dialogue.ask("continue", thread);
  }
  await dialogue.endAs("breakpoints");
});

it("steps go over, into and out of the driver's functions, never into the runtime", async () => {
  await run({ line: line("sum += factorial(n)") });
  await stopped();
  for (const step of ["stepIn", "next", "stepIn", "stepOut"]) {
    await dialogue.ask(step, thread);
    await stopped();
  }
  await dialogue.endAs("stepping");
});

it("running to the cursor is a breakpoint for one stop", async () => {
  await run({ line: line("let sum = 0") });
  await dialogue.hear("stopped");
  await dialogue.ask("setBreakpoints", { source, breakpoints: [{ line: line("const before") }] });
  await dialogue.ask("continue", thread);
  await stopped();
  await dialogue.ask("setBreakpoints", { source, breakpoints: [] });
  await dialogue.endAs("run-to-cursor");
});

it("variables have scopes, open, are set, and are asked for without side effects", async () => {
  await run({ line: line("while (ioread32") });
  await dialogue.hear("stopped");
  await dialogue.ask("scopes", { frameId: 1 });
  await dialogue.ask("variables", { variablesReference: 1 });
  await dialogue.ask("setVariable", { variablesReference: 1, name: "polls", value: "n + 4" });
  await dialogue.ask("variables", { variablesReference: 1 });
  await dialogue.ask("evaluate", { expression: "card", context: "hover", frameId: 1 });
  await dialogue.ask("evaluate", { expression: "ioread32(card.io, 0)", context: "hover", frameId: 1 });
  await dialogue.ask("evaluate", { expression: "ioread32(card.io, 0)", context: "repl", frameId: 1 });
  await dialogue.ask("evaluate", { expression: "edu.STATUS", context: "watch" });
  await dialogue.ask("setExpression", { expression: "card.interrupts", value: "7", frameId: 1 });
  await dialogue.ask("setExpression", { expression: "edu.LIVENESS", value: "0x1" });
  await dialogue.endAs("variables");
});

it("the console completes the driver's names, registers, and the words of verbs", async () => {
  await run({ line: line("while (ioread32") });
  await dialogue.hear("stopped");
  for (const text of ["pol", "card.", "edu.ST", "inject edu r", "walk vi", "state "])
    await dialogue.ask("completions", { text, column: text.length + 1, frameId: 1 });
  await dialogue.endAs("completions");
});

it("an exception that nobody catches stops where it is thrown, and is explained", async () => {
  await dialogue.ask("launch", { program: driver("fault") });
  await dialogue.ask("configurationDone");
  await stopped();
  await dialogue.ask("exceptionInfo", thread);
  await dialogue.ask("continue", thread);
  await dialogue.hear("exited");
  await dialogue.endAs("exception");
});

it("those who wait for an asynchronous function stand below it", async () => {
  await dialogue.ask("launch", { program: driver("waits") });
  await dialogue.ask("configurationDone");
  await stopped();
  await dialogue.endAs("asynchronous");
});

it("a frame and a session are begun anew; sources are listed", async () => {
  await run({ line: line("while (ioread32") });
  await dialogue.hear("stopped");
  await dialogue.ask("loadedSources");
  await dialogue.ask("restartFrame", { frameId: 1 });
  await stopped();
  await dialogue.ask("restart");
  await stopped();
  await dialogue.ask("terminate");
  await dialogue.hear("terminated");
  await dialogue.endAs("restart");
});
