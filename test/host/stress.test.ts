/** Nothing gets lost between V8 and the client. `npm run stress` asks for the whole number of steps and pauses. */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { random } from "../../extension/host/worker/determinism";
import { Conversation, driver } from "./conversation";

const full = process.env["ROOTPORT_STRESS"] === "full";
const [STEPS, PAUSES] = full ? [10_000, 1000] : [300, 50];
const MINUTES = (full ? 15 : 1) * 60_000;
/** Milliseconds that the driver runs before it is paused: at most. */
const LONGEST_RUN = 25;

const program = driver("factorial");
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

describe("under load on every core", () => {
  let load: Worker[];

  beforeAll(() => {
    load = [0, 1].map(() => new Worker("for (;;) Math.sqrt(2);", { eval: true }));
  });
  afterAll(async () => {
    await Promise.all(load.map((worker) => worker.terminate()));
  });

  it("none of 40 steps gets lost", async () => {
    await talk.run(program, { at: ["let sum = 0"], arguments: { watchpoints: ["edu.STATUS r"] } });
    await talk.stopped();
    for (let step = 0; step < 40; step += 1) {
      const { frames } = await talk.move(step % 5 === 4 ? "stepIn" : "next");
      expect(frames.length).toBeGreaterThan(0);
    }
  }, 60_000);

  it("none of 10 restarts leaves a paused driver behind", async () => {
    await talk.run(program, { at: ["let sum = 0"] });
    await talk.stopped();
    for (let start = 0; start < 10; start += 1) {
      await talk.client.customRequest("restart", {});
      expect((await talk.stopped()).reason).toBe("breakpoint");
    }
  }, 60_000);
});

describe("in a busy loop", () => {
  const loop = driver("counts");

  it(
    `each of ${STEPS} steps stops, one after the other`,
    async () => {
      await talk.run(loop, { at: ["turns += 1"] });
      await talk.stopped();
      await talk.breakAt(loop, []);
      const lines = new Set<number>();
      for (let step = 0; step < STEPS; step += 1) {
        await talk.go("next");
        expect((await talk.heard("stopped")).body).toMatchObject({ reason: "step" });
        if (step % 10 === 0)
          lines.add((await talk.client.stackTraceRequest({ threadId: 1 })).body.stackFrames[0]?.line ?? 0);
      }
      expect(lines.size).toBeGreaterThan(1);
      expect(Number(await talk.evaluate("turns"))).toBe(Math.ceil(STEPS / 3));
    },
    MINUTES,
  );

  it(
    `each of ${PAUSES} pauses at random moments stops, and the driver goes on`,
    async () => {
      await talk.run(loop, { at: ["turns += 1"] });
      await talk.stopped();
      await talk.breakAt(loop, []);
      await talk.go("continue");
      const dice = random(7);
      let before = 0;
      for (let pause = 0; pause < PAUSES; pause += 1) {
        await sleep(dice() * LONGEST_RUN);
        await talk.go("pause");
        expect((await talk.heard("stopped")).body).toMatchObject({ reason: "pause" });
        const turns = Number(await talk.evaluate("turns"));
        expect(turns).toBeGreaterThanOrEqual(before);
        before = turns;
        await talk.go("continue");
      }
      expect(before).toBeGreaterThan(0);
    },
    MINUTES,
  );
});
