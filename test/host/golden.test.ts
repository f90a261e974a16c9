import { it } from "vitest";
import { driver } from "./conversation";
import { Dialogue } from "./dialogue";

const thread = { threadId: 1 };

it("a watchpoint with a condition stops before the write, names it, and is stepped over", async () => {
  const dialogue = await Dialogue.open();
  await dialogue.ask("launch", { program: driver("factorial") });
  await dialogue.ask("dataBreakpointInfo", { name: "edu.FACTORIAL" });
  const breakpoints = [{ dataId: "edu.FACTORIAL", accessType: "write", condition: "$value == 2" }];
  await dialogue.ask("setDataBreakpoints", { breakpoints });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
  await dialogue.ask("stackTrace", thread);
  await dialogue.ask("evaluate", { expression: "edu.FACTORIAL", context: "watch" });
  await dialogue.ask("next", thread);
  await dialogue.hear("stopped");
  await dialogue.ask("evaluate", { expression: "peek edu.STATUS.COMPUTING", context: "repl" });
  await dialogue.endAs("watchpoint");
});

it("an access that nothing answers stops where it is asked for, and is explained", async () => {
  const dialogue = await Dialogue.open();
  await dialogue.ask("launch", { program: driver("events") });
  await dialogue.ask("setExceptionBreakpoints", {
    filters: [],
    filterOptions: [{ filterId: "master-abort" }],
  });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
  await dialogue.ask("exceptionInfo", thread);
  await dialogue.endAs("unanswered-access");
});

it("an interrupt is a stop, then a handler on top of the interrupted line", async () => {
  const dialogue = await Dialogue.open();
  await dialogue.ask("launch", { program: driver("events") });
  await dialogue.ask("setExceptionBreakpoints", { filters: ["interrupt"] });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
  await dialogue.ask("stepIn", thread);
  await dialogue.hear("stopped");
  await dialogue.ask("stackTrace", thread);
  await dialogue.endAs("interrupt");
});

it("memory and the console look past the driver, and write over the bus", async () => {
  const dialogue = await Dialogue.open();
  await dialogue.ask("launch", { program: driver("factorial"), stopOnEntry: true });
  await dialogue.ask("configurationDone");
  await dialogue.hear("stopped");
  await dialogue.ask("readMemory", { memoryReference: "cfg@01:00.0:0x0", count: 4 });
  await dialogue.ask("readMemory", { memoryReference: "phys:0x60000000", count: 4 });
  await dialogue.ask("evaluate", { expression: "help", context: "repl" });
  await dialogue.ask("evaluate", { expression: "wr edu.config.COMMAND 2", context: "repl" });
  await dialogue.ask("evaluate", { expression: "wr edu.LIVENESS 1", context: "repl" });
  await dialogue.ask("evaluate", { expression: "poke edu.LIVENESS 1", context: "repl" });
  await dialogue.ask("completions", { text: "rd edu.F", column: 9 });
  await dialogue.ask("evaluate", { expression: "rd edu.NOTHING", context: "repl" });
  await dialogue.endAs("memory-and-console");
});
