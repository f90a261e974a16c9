import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("factorial");
const line = (text: string) => lineOf(program, text);
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function breakAt(...breakpoints: { name: string; condition?: string }[]) {
  return (await talk.client.setFunctionBreakpointsRequest({ breakpoints })).body.breakpoints;
}

describe("a breakpoint by the name of a function", () => {
  it("waits for the driver, stops at the first statement, and has an id of its own", async () => {
    const [pending] = await breakAt({ name: "factorial", condition: "n === 2" });
    expect(pending).toMatchObject({ verified: false, reason: "pending" });
    const [other] = await talk.run(program, { at: ["let sum = 0"] });
    expect((await talk.stopped()).hitBreakpointIds).toEqual([other?.id]);
    expect(await talk.move("continue")).toMatchObject({
      line: line("let polls = 0"),
      hitBreakpointIds: [pending?.id],
    });
    expect(await talk.evaluate("n")).toBe("2");
    await breakAt();
    await talk.go("continue");
    await talk.heard("rootport/idle");
  });

  it("that the driver does not have is not verified, and says so", async () => {
    await talk.client.launchRequest({ program } as never);
    expect(await breakAt({ name: "nonsense" }, { name: "raise" })).toMatchObject([
      { verified: false, message: "The driver has no function nonsense." },
      { verified: true, line: line("const before") },
    ]);
  });
});

describe("a frame", () => {
  it("is begun anew", async () => {
    await talk.run(program, { at: ["while (ioread32"] });
    await talk.stopped();
    await talk.client.customRequest("restartFrame", { frameId: 1 });
    expect(await talk.stopped()).toMatchObject({ reason: "step", line: line("let polls = 0") });
  });
});
