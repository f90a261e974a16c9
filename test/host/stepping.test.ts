import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("factorial");
const line = (text: string) => lineOf(program, text);
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

describe("a driver under the debugger", () => {
  it("stops at a breakpoint in probe, with its stack and its locals", async () => {
    const [breakpoint] = await talk.run(program, { at: ["const error ="] });
    const stop = await talk.stopped();
    expect(breakpoint).toMatchObject({ verified: true, line: line("const error =") });
    expect(stop).toMatchObject({ reason: "breakpoint", hitBreakpointIds: [breakpoint?.id] });
    expect(stop.stack).toBe(`probe:${line("const error =")}`);
    expect(stop.frames[0]?.source?.path).toBe(program);
    expect(Object.keys(await talk.scope("Local"))).toEqual(["dev", "error", "io", "id"]);
  });

  it("steps over a line, into the driver's own function and out of it, and never into the runtime", async () => {
    await talk.run(program, { at: ["sum += factorial(n)"] });
    await talk.stopped();
    expect((await talk.move("stepIn")).stack).toBe(
      `factorial:${line("let polls")} < exercise:${line("sum +=")}`,
    );
    expect((await talk.move("next")).line).toBe(line("iowrite32(n, card.io"));
    expect((await talk.move("stepIn")).line).toBe(line("while (ioread32"));
    expect((await talk.move("stepOut")).stack).toBe(`exercise:${line("for (let n")}`);
  });

  it("continues to the next breakpoint and then to idle, and says what the driver printed", async () => {
    await talk.run(program, { at: ["let sum = 0"] });
    await talk.stopped();
    await talk.go("continue");
    await talk.heard("rootport/idle");
    expect(talk.output).toMatch(/^\[ +\d+\.\d{6}\] edu 10000ed$/m);
    expect(talk.output).toMatch(/^sum 9\ninterrupts 1$/m);
  });

  it("enters an interrupt handler at the access that raises it, by stepping in", async () => {
    await talk.run(program, { at: ["iowrite32(1, card.io, IRQ_RAISE)"] });
    await talk.stopped();
    const inside = await talk.move("stepIn");
    expect(inside.stack).toMatch(
      new RegExp(
        `^interrupt:${line("self.interrupts")} < ── interrupt \\d+ ──:0 < raise:${line("IRQ_RAISE)")} <`,
      ),
    );
  });

  it("steps over an access whose interrupt handler runs in between", async () => {
    await talk.run(program, { at: ["iowrite32(1, card.io, IRQ_RAISE)"] });
    await talk.stopped();
    expect((await talk.move("next")).line).toBe(line("return card.interrupts"));
  });

  it("stops on entry, before the driver's first statement", async () => {
    await talk.run(program, { arguments: { stopOnEntry: true } });
    const stop = await talk.stopped();
    expect(stop.reason).toBe("entry");
    expect(stop.frames[0]?.name).toBe("(module)");
  });

  it("runs remove() with its breakpoints when an idle driver is stopped", async () => {
    await talk.run(program, { at: ["free_irq(card.irq"] });
    await talk.heard("rootport/idle");
    await talk.client.terminateRequest();
    expect((await talk.stopped()).frames[0]?.name).toBe("remove");
    await talk.go("continue");
    await talk.heard("terminated");
    expect(talk.output).toMatch(/removed/);
  });

  it("starts again from power-on at a restart, with the same breakpoints", async () => {
    await talk.run(program, { at: ["return ioread32(card.io, FACTORIAL)"] });
    await talk.stopped();
    expect(await talk.register("edu.FACTORIAL")).toBe("0x1");
    await talk.client.customRequest("restart", {});
    const again = await talk.stopped();
    expect(again.frames[0]?.name).toBe("factorial");
    expect(await talk.evaluate("n")).toBe("1");
  });

  it("runs without stopping when it is told not to debug", async () => {
    await talk.run(program, { at: ["const error ="], arguments: { noDebug: true } });
    await talk.heard("rootport/idle");
    expect(talk.output).toMatch(/^sum 9$/m);
  });
});
