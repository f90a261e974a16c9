import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Conversation, driver } from "./conversation";

const program = driver("factorial");
let load: Worker[];

beforeAll(() => {
  load = [0, 1].map(() => new Worker("for (;;) Math.sqrt(2);", { eval: true }));
});
afterAll(async () => {
  await Promise.all(load.map((worker) => worker.terminate()));
});

describe("under load on every core", () => {
  it("none of 40 steps gets lost", async () => {
    const talk = await Conversation.open();
    await talk.run(program, { at: ["let sum = 0"], arguments: { watchpoints: ["edu.STATUS r"] } });
    await talk.stopped();
    for (let step = 0; step < 40; step += 1) {
      const { frames } = await talk.move(step % 5 === 4 ? "stepIn" : "next");
      expect(frames.length).toBeGreaterThan(0);
    }
    await talk.close();
  }, 60_000);

  it("none of 10 restarts leaves a paused driver behind", async () => {
    const talk = await Conversation.open();
    await talk.run(program, { at: ["let sum = 0"] });
    await talk.stopped();
    for (let start = 0; start < 10; start += 1) {
      await talk.client.customRequest("restart", {});
      expect((await talk.stopped()).reason).toBe("breakpoint");
    }
    await talk.close();
  }, 60_000);
});
