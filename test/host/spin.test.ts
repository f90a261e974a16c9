import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { majorsHere, nodeOf } from "../support/nodes.mjs";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("spin");

describe.each(majorsHere)("a driver that never returns, on Node %i", (major) => {
  let talk: Conversation;

  beforeAll(async () => {
    const node = await nodeOf(major);
    if (!node) throw new Error(`there is no Node ${major} for this machine`);
    console.log(`Node ${major}: ${node}`);
    talk = await Conversation.open(node);
  });
  afterAll(() => talk.close());

  it("is paused after a stop, again and again, and looked at", async () => {
    await talk.run(program, { at: ["turns = 1"] });
    await talk.stopped();
    await talk.client.setBreakpointsRequest({ source: { path: program }, breakpoints: [] });
    await talk.go("continue");
    for (let pause = 0; pause < 5; pause += 1) {
      await sleep(200);
      const stop = await talk.move("pause");
      expect(stop.reason).toBe("pause");
      expect([
        lineOf(program, "turns * 3"),
        lineOf(program, "77.5"),
        lineOf(program, "while (true)"),
      ]).toContain(stop.line);
      expect(Number(await talk.evaluate("turns"))).not.toBeNaN();
      await talk.go("continue");
    }
  });

  it("leaves the control thread free to answer while it spins", async () => {
    await sleep(100);
    expect(await talk.register("edu.ID")).toBe("0x10000ed");
    const [breakpoint] = await talk.breakAt(program, ["turns * 3"]);
    expect(breakpoint?.verified).toBe(true);
    expect((await talk.stopped()).reason).toBe("breakpoint");
    await talk.breakAt(program, []);
    await talk.go("continue");
  });

  it("is killed while it spins, and runs again", async () => {
    await sleep(100);
    await talk.client.customRequest("rootport/kill");
    expect((await talk.heard("exited")).body).toMatchObject({ exitCode: 0 });
    expect(talk.output).toMatch(/The driver was killed\.\n$/);
    await talk.client.initializeRequest();
    await talk.run(program, { at: ["turns = 1"] });
    expect((await talk.stopped()).reason).toBe("breakpoint");
  });

  it("is killed while it is paused, and leaves the machine for viewing", async () => {
    await talk.client.customRequest("rootport/kill");
    await talk.heard("terminated");
    expect(await talk.register("edu.ID")).toBe("0x10000ed");
  });
});
