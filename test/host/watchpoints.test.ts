import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("factorial");
const line = (text: string) => lineOf(program, text);
const WRITE = "iowrite32(n, card.io, FACTORIAL)";
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function dataBreakpoint(dataId: string, accessType: "read" | "write" | "readWrite") {
  const { body } = await talk.client.setDataBreakpointsRequest({ breakpoints: [{ dataId, accessType }] });
  return body.breakpoints[0];
}

describe("a watchpoint of launch.json", () => {
  it("stops at the driver's line before the write takes effect, and says who writes what", async () => {
    await talk.run(program, { arguments: { watchpoints: ["edu.FACTORIAL w"] } });
    const stop = await talk.stopped();
    expect(stop.reason).toBe("data breakpoint");
    expect(stop.text).toBe("write edu.FACTORIAL 0x0 → 0x1 by factorial()");
    expect(stop.stack).toBe(`factorial:${line(WRITE)} < exercise:${line("sum +=")}`);
    expect(await talk.scope("Local")).toMatchObject({ n: "1", polls: "0" });
    expect(await talk.register("edu.FACTORIAL")).toBe("0x0");
  });

  it("lets the driver step on from there, over the access", async () => {
    await talk.run(program, { arguments: { watchpoints: ["edu.FACTORIAL w"] } });
    await talk.stopped();
    const next = await talk.move("next");
    expect(next).toMatchObject({ reason: "step", line: line("while (ioread32") });
    expect(await talk.register("edu.STATUS")).toBe("0x1");
    expect((await talk.move("next")).frames[0]?.name).toBe("factorial");
  });

  it("lets the driver step out from there, and continue to the next access", async () => {
    await talk.run(program, { arguments: { watchpoints: ["edu.FACTORIAL w"] } });
    await talk.stopped();
    expect((await talk.move("stepOut")).stack).toBe(`exercise:${line("for (let n")}`);
    expect((await talk.move("continue")).text).toBe("write edu.FACTORIAL 0x1 → 0x2 by factorial()");
  });

  it("is passed over with the interrupt handler that its access calls, and stepped into with it", async () => {
    await talk.run(program, { arguments: { watchpoints: ["edu.IRQ_RAISE w"] } });
    await talk.stopped();
    expect((await talk.move("next")).line).toBe(line("return card.interrupts"));
    await talk.client.customRequest("restart", {});
    await talk.stopped();
    expect((await talk.move("stepIn")).frames[0]?.name).toBe("interrupt");
  });

  it("leaves the access undone when the driver is ended there", async () => {
    await talk.run(program, { arguments: { watchpoints: ["edu.FACTORIAL w"] } });
    await talk.stopped();
    await talk.client.terminateRequest();
    await talk.heard("terminated");
    expect(talk.output).toMatch(/The driver was ended in factorial, so its remove\(\) did not run\.\n$/);
    expect(await talk.register("edu.FACTORIAL")).toBe("0x0");
    expect(await talk.register("edu.STATUS")).toBe("0x0");
  });

  it("says at launch that it can never stop", async () => {
    await talk.run(program, { arguments: { watchpoints: ["edu.NONSENSE w"] } });
    await talk.heard("rootport/idle");
    expect(talk.output).toMatch(/Watchpoint "edu\.NONSENSE w": .*no register edu\.NONSENSE/);
  });

  it("reports and goes on when nobody debugs", async () => {
    await talk.run(program, { arguments: { watchpoints: ["edu.FACTORIAL w"], noDebug: true } });
    await talk.heard("rootport/idle");
    expect((await talk.heard("rootport/hit")).body).toMatchObject({
      text: "write edu.FACTORIAL 0x0 → 0x1 by factorial()",
      by: { function: "factorial", path: program, line: line(WRITE) },
    });
  });
});

describe("a native data breakpoint", () => {
  it("by address stops the access, names itself, and is replaced without touching launch.json's", async () => {
    await talk.run(program, { at: ["let sum = 0"], arguments: { watchpoints: ["edu.IRQ_RAISE w"] } });
    await talk.stopped();
    const { body } = await talk.client.evaluateRequest({ expression: "edu.FACTORIAL", context: "watch" });
    const asked = { name: body.memoryReference ?? "", asAddress: true, bytes: 4 };
    const info = (await talk.client.dataBreakpointInfoRequest(asked)).body;
    expect(info).toMatchObject({ canPersist: true, accessTypes: ["write", "read", "readWrite"] });
    const breakpoint = await dataBreakpoint(info.dataId ?? "", "write");
    expect(breakpoint?.verified).toBe(true);
    const stop = await talk.move("continue");
    expect(stop).toMatchObject({
      reason: "data breakpoint",
      hitBreakpointIds: [breakpoint?.id],
      line: line(WRITE),
    });
    await talk.client.setDataBreakpointsRequest({ breakpoints: [] });
    expect((await talk.move("continue")).text).toMatch(/^write edu\.IRQ_RAISE .* by raise\(\)$/);
  });

  it("by register name has a name that lasts, and can be asked for before launch", async () => {
    const info = (await talk.client.dataBreakpointInfoRequest({ name: "edu.FACTORIAL" })).body;
    expect(info.dataId).toBe("edu.FACTORIAL");
    expect(await dataBreakpoint("edu.FACTORIAL", "read")).toMatchObject({
      verified: false,
      reason: "pending",
    });
    await talk.run(program);
    const stop = await talk.stopped();
    expect(stop.text).toBe("read edu.FACTORIAL = 0x1 by factorial()");
    const { body } = (await talk.heard("breakpoint")) as { body: { breakpoint: object } };
    expect(body.breakpoint).toMatchObject({ verified: true });
  });

  it("by virtual address waits for its mapping, and is verified when the driver makes it", async () => {
    await talk.run(program, { at: ["const error ="] });
    await talk.stopped();
    const first = await dataBreakpoint("0xffffc90000000008+4", "write");
    expect(first).toMatchObject({ verified: false });
    const stop = await talk.move("continue");
    expect(stop.hitBreakpointIds).toEqual([first?.id]);
    const { body } = (await talk.heard("breakpoint")) as { body: { breakpoint: object } };
    expect(body.breakpoint).toMatchObject({ id: first?.id, verified: true });
  });

  it("with a condition and a hit count stops only there, judged in the machine", async () => {
    await talk.run(program, { at: ["let sum = 0"] });
    await talk.stopped();
    const wish = { dataId: "edu.FACTORIAL", accessType: "write" } as const;
    const breakpoints = [
      { ...wish, condition: "$value == 3 && $initiator == 'cpu'" },
      { ...wish, hitCondition: ">= 2", condition: "$value < 3" },
    ];
    const set = await talk.client.setDataBreakpointsRequest({ breakpoints });
    const [third, second] = set.body.breakpoints.map(({ id }) => id);
    expect(set.body.breakpoints.map(({ verified }) => verified)).toEqual([true, true]);
    expect(await talk.move("continue")).toMatchObject({ hitBreakpointIds: [second] });
    expect(await talk.move("continue")).toMatchObject({ hitBreakpointIds: [third] });
    expect(await talk.evaluate("n")).toBe("3");
  });

  it("with a condition that cannot be read is not verified, and says why", async () => {
    await talk.run(program);
    const breakpoints = [{ dataId: "edu.FACTORIAL", condition: "$valu == 5" }];
    const { body } = await talk.client.setDataBreakpointsRequest({ breakpoints });
    expect(body.breakpoints).toMatchObject([
      {
        verified: false,
        reason: "failed",
        message: expect.stringMatching(/^There is no \$valu: a condition knows/),
      },
    ]);
  });

  it("is not offered for a variable of the driver", async () => {
    const info = (await talk.client.dataBreakpointInfoRequest({ name: "sum" })).body;
    expect(info.dataId).toBeNull();
    expect(info.description).toMatch(/registers and addresses can be watched/);
  });
});
