import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { majorsHere, nodeOf } from "../support/nodes.mjs";
import { Conversation, driver, PATIENCE_MS, type Wishes } from "./conversation";

let talk: Conversation | undefined;

afterEach(async () => {
  await talk?.close();
});

async function endOf(name: string, node?: string): Promise<string> {
  talk = await Conversation.open(node);
  await talk.run(driver(name));
  await talk.heard("terminated");
  return talk.output;
}

/** What a person does next: start it again. */
async function expectRestartWorks(): Promise<void> {
  if (!talk) throw new Error("there is no conversation");
  await talk.client.initializeRequest();
  await talk.run(driver("factorial"), { at: ["let sum = 0"] });
  expect((await talk.stopped()).reason).toBe("breakpoint");
}

describe("a driver that takes everything", () => {
  it.each(majorsHere)(
    "ends in one message about memory, and can be started again, on Node %i",
    async (major) => {
      const output = await endOf("greedy", await nodeOf(major));
      expect(output).toBe(
        "The driver used up its memory and was ended. Restart runs it on a fresh machine.\n",
      );
      await expectRestartWorks();
    },
    4 * PATIENCE_MS,
  );

  it("ends in one message when the process crashes, and can be started again", async () => {
    expect(await endOf("crash")).toBe(
      "The machine's process crashed (SIGSEGV). Restart gives you a fresh machine.\n",
    );
    await expectRestartWorks();
  });
});

describe("no process is left over", () => {
  it.each<[string, Wishes]>([
    ["paused", { at: ["turns = 1"] }],
    ["spinning", {}],
  ])("when the adapter is killed while the driver is %s", async (_title, wishes) => {
    talk = await Conversation.open();
    await talk.run(driver("spin"), wishes);
    await (wishes.at ? talk.stopped() : sleep(200));
    const children = childrenOf(talk.process.pid);
    expect(children).toHaveLength(1);
    talk.process.kill("SIGKILL");
    await expect.poll(() => children.filter(isAlive), { timeout: PATIENCE_MS }).toEqual([]);
  });
});

function childrenOf(parent: number | undefined): number[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.filter((pid) => parentOf(pid) === parent).map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
