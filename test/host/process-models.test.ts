import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { Conversation, cli, driver, lineOf } from "./conversation";

type Model = "worker" | "main";

let talk: Conversation;
afterEach(() => talk.close());

async function open(model: Model): Promise<void> {
  talk = await Conversation.open(undefined, { ROOTPORT_PROCESS_MODEL: model });
}

describe.each(["worker", "main"] as const)("with the driver on the %s thread", (model) => {
  it("a watchpoint stops, a step goes on, and the end leaves the machine for viewing", async () => {
    await open(model);
    const program = driver("factorial");
    await talk.run(program, { arguments: { watchpoints: ["edu.FACTORIAL w"] } });
    expect((await talk.stopped()).text).toBe("write edu.FACTORIAL 0x0 → 0x1 by factorial()");
    const heapOfTheProcess = `process.execArgv.includes("--max-old-space-size=512")`;
    expect(await talk.evaluate(heapOfTheProcess)).toBe(String(model === "main"));
    expect((await talk.move("next")).line).toBe(lineOf(program, "while (ioread32"));
    await talk.client.customRequest("rootport/kill");
    await talk.heard("terminated");
    expect(await talk.register("edu.FACTORIAL")).toBe("0x1");
  });
});

describe("only a thread of its own", () => {
  async function secondLoad(model: Model): Promise<string> {
    await open(model);
    await talk.run(driver("leaves"));
    await talk.heard("rootport/idle");
    await talk.client.customRequest("restart", {});
    await talk.heard("rootport/idle");
    return talk.output;
  }

  it("starts with clean globals; on the main thread the last driver's linger", async () => {
    expect(await secondLoad("worker")).toMatch(/loads 1\nloads 1\n$/);
    await talk.close();
    expect(await secondLoad("main")).toMatch(/loads 1\nloads 2\n$/);
  });

  async function exitOf(model: Model): Promise<string> {
    await open(model);
    await talk.run(driver("exits"));
    await talk.heard("terminated");
    return talk.output;
  }

  it("survives process.exit() in a driver; on the main thread the machine goes with it", async () => {
    expect(await exitOf("worker")).toBe("The driver's thread ended by itself.\n");
    expect(await talk.register("edu.ID")).toBe("0x10000ed");
    await talk.close();
    expect(await exitOf("main")).toMatch(/^The machine's process crashed \(exit code 3\)/);
    await expect(talk.register("edu.ID")).rejects.toThrow(/process has ended/);
  });
});

describe("a process model that does not exist", () => {
  it("is refused with one sentence", async () => {
    await open("worker");
    const env = { ...process.env, ROOTPORT_PROCESS_MODEL: "fiber" };
    const { status, stderr } = spawnSync(process.execPath, [cli, "run", driver("leaves")], { env });
    expect(stderr.toString()).toContain('ROOTPORT_PROCESS_MODEL is "fiber": set it to "worker" or "main"');
    expect(status).not.toBe(0);
  });
});
