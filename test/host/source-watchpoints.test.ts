import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("watches");
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function run(filters: object): Promise<void> {
  await talk.client.launchRequest({ program } as never);
  await talk.client.setExceptionBreakpointsRequest(filters as never);
  await talk.client.configurationDoneRequest();
}

describe("a watchpoint in a comment of the driver", () => {
  it("stops without being asked for, once where it says so, and a wrong one is named with its line", async () => {
    await talk.run(program);
    expect((await talk.stopped()).text).toMatch(/^write edu\.LIVENESS 0x\w+ → 0x2 by exercise\(\)$/);
    const next = await talk.move("continue");
    expect(next).toMatchObject({
      text: "write edu.FACTORIAL 0x0 → 0x3 by exercise()",
      line: lineOf(program, "once"),
    });
    await talk.go("continue");
    await talk.heard("rootport/idle");
    const wrong = lineOf(program, "edu.NOTHING");
    expect(talk.output).toContain(`watches.ts:${wrong}: @watch: This machine has no register edu.NOTHING`);
  });

  it("is chosen by its group, with the condition of the filter", async () => {
    await run({ filters: [], filterOptions: [{ filterId: "source-watchpoints", condition: "life" }] });
    expect((await talk.stopped()).text).toContain("edu.LIVENESS");
    await talk.go("continue");
    await talk.heard("rootport/idle");
    expect(talk.output).not.toContain("NOTHING");
  });

  it("is silent while the filter is off, and the other lists are not", async () => {
    const breakpoints = [{ dataId: "edu.FACTORIAL", accessType: "write" as const, condition: "$value == 4" }];
    await talk.client.setDataBreakpointsRequest({ breakpoints });
    await run({ filters: ["uncaught"] });
    expect((await talk.stopped()).text).toBe("write edu.FACTORIAL 0x3 → 0x4 by exercise()");
    await talk.go("continue");
    await talk.heard("rootport/idle");
  });
});
