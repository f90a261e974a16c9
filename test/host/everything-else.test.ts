import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("factorial");
const line = (text: string) => lineOf(program, text);
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function ask<T>(command: string, given: object = {}): Promise<T> {
  return (await talk.client.customRequest(command, given)).body as T;
}

async function completions(text: string): Promise<readonly string[]> {
  const { body } = await talk.client.completionsRequest({ text, column: text.length + 1, frameId: 1 });
  return body.targets.map(({ label }) => label);
}

describe("the driver's files", () => {
  it("are listed once it is linked, as the client spells them", async () => {
    expect(await ask("loadedSources")).toEqual({ sources: [] });
    await talk.run(program, { at: ["let sum = 0"] });
    const other = path.join(path.dirname(program), "registers.ts");
    expect(await ask("loadedSources")).toMatchObject({ sources: [{ path: program }, { path: other }] });
  });

  it("say where on a line a breakpoint can stand", async () => {
    await talk.run(program, { at: ["let sum = 0"] });
    const at = { source: { path: program }, line: line("for (let n") };
    const { breakpoints } = await ask<{ breakpoints: { line: number; column: number }[] }>(
      "breakpointLocations",
      at,
    );
    expect(breakpoints.length).toBeGreaterThan(1);
    expect(new Set(breakpoints.map((each) => each.line))).toEqual(new Set([at.line]));
  });
});

describe("running to the cursor", () => {
  it("is a breakpoint for one stop", async () => {
    await talk.run(program, { at: ["let sum = 0"] });
    await talk.stopped();
    const [there] = await talk.breakAt(program, ['console.log("sum"']);
    expect(await talk.move("continue")).toMatchObject({
      line: line('console.log("sum"'),
      hitBreakpointIds: [there?.id],
    });
    await talk.breakAt(program, []);
    await talk.go("continue");
    await talk.heard("rootport/idle");
  });
});

describe("an asynchronous driver", () => {
  it("stops at its debugger statement with those who wait for it below, and no variables of theirs", async () => {
    await talk.run(driver("waits"));
    const { reason, frames } = await talk.stopped();
    expect(reason).toBe("breakpoint");
    expect(frames.map(({ name }) => name)).toEqual(["later", "── await ──", "exercise"]);
    expect(frames[2]?.source?.name).toBe("waits.ts");
    expect((await talk.client.scopesRequest({ frameId: frames[2]?.id ?? 0 })).body.scopes).toEqual([]);
  });
});

describe("the console completes", () => {
  beforeEach(async () => {
    await talk.run(program, { at: ["while (ioread32"] });
    await talk.stopped();
  });

  it("the driver's variables of every scope, and members after a dot", async () => {
    expect(await completions("pol")).toContain("polls");
    expect(await completions("1 + car")).toContain("card");
    expect(await completions("card.")).toEqual(expect.arrayContaining(["io", "irq", "interrupts"]));
    expect(await completions("card.io.pl")).toEqual(["plus"]);
    expect(await completions("factorial(1).")).toEqual([]);
  });

  it("the words that a verb takes, and nothing of the driver's there", async () => {
    expect(await completions("tra")).toEqual(["translate", "trace"]);
    expect(await completions("inject e")).toEqual(["edu"]);
    expect(await completions("inject edu ")).toEqual(["read", "write", "dma", "interrupt"]);
    expect(await completions("state d")).toEqual(["diff"]);
    expect(await completions("trace car")).toEqual([]);
  });
});

describe("an expression in the Watch view", () => {
  beforeEach(async () => {
    await talk.run(program, { at: ["while (ioread32"] });
    await talk.stopped();
  });

  it("is assigned to; a register is written over the bus, a field with what is around it", async () => {
    const at = { frameId: 1 };
    expect(
      await ask("setExpression", { expression: "card.interrupts", value: "2 + 3", ...at }),
    ).toMatchObject({
      value: "5",
    });
    expect(await talk.evaluate("card.interrupts")).toBe("5");
    expect(await ask("setExpression", { expression: "edu.LIVENESS", value: "1" })).toEqual({
      value: "0xfffffffe",
    });
    await ask("setExpression", { expression: "edu.STATUS.IRQFACT", value: "1" });
    expect(await talk.register("edu.STATUS.IRQFACT")).toBe("0x1 [7]");
  });

  it("that is wrong is refused where it stands, and no message pops up", async () => {
    const wrong = { expression: "nonsense", context: "repl", frameId: 1 };
    expect(await talk.refusal("evaluate", wrong)).toMatchObject({
      format: "ReferenceError: nonsense is not defined",
      showUser: false,
    });
    expect(await talk.refusal("restartFrame", { frameId: 99 })).toMatchObject({ showUser: true });
  });
});
