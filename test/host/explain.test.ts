import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, cli, driver, lineOf } from "./conversation";

const program = driver("no-master");
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function console(expression: string): Promise<string> {
  const { body } = await talk.client.evaluateRequest({ expression, context: "repl" });
  return body.result;
}

/** The next problem whose message speaks of it: the sanitizer has something to say, too. */
async function problemWith(words: string): Promise<object> {
  for (;;) {
    const { body } = await talk.heard("rootport/problem");
    if ((body as { message: string }).message.includes(words)) return body as object;
  }
}

describe("a failed access of a driver", () => {
  it("is a problem at the driver's line, with the line that the driver lacks; the driver goes on", async () => {
    await talk.run(program);
    const early = await problemWith("Memory Space Enable");
    expect(early).toMatchObject({
      path: program,
      line: lineOf(program, "ioread32(early"),
      severity: "error",
      message: expect.stringMatching(/Memory Space Enable \(bit 1 of edu\.config\.COMMAND/),
      fix: { call: "pci_enable_device", header: "linux/pci" },
    });
    const blocked = await problemWith("Bus Master Enable");
    expect(blocked).toMatchObject({
      line: lineOf(program, "mdelay(200)"),
      message: expect.stringMatching(/^A write of 16 bytes at DMA of edu .* Bus Master Enable \(bit 2/),
      fix: { call: "pci_set_master", header: "linux/pci", line: "pci_set_master(pdev);" },
    });
    await talk.heard("rootport/idle");
  });

  it("is what explain in the console explains without an address: the last one", async () => {
    expect(await console("explain")).toMatch(/^No access has failed yet/);
    await talk.run(program);
    await talk.heard("rootport/idle");
    const text = await console("explain");
    expect(text).toMatch(/decides: MASTER \(bit 2 of edu\.config\.COMMAND/);
    expect(text).toMatch(/in the driver: pci_set_master\(pdev\);/);
    expect(await console("explain edu.BAR0+0x8 write")).toMatch(/edu\.FACTORIAL/);
  });
});

describe("rootport translate and explain", () => {
  const run = (...given: string[]) => spawnSync(process.execPath, [cli, ...given], { encoding: "utf8" });

  it("answer in text and in JSON", () => {
    expect(run("explain", "demo", "edu.STATUS").stdout).toMatch(/setpci -s 0000:01:00\.0 COMMAND=2:2/);
    const json = JSON.parse(run("explain", "demo", "edu.STATUS", "--write", "--json").stdout) as object;
    expect(json).toMatchObject({
      access: "write",
      answered: false,
      decides: { field: "MEMORY", bits: [1, 1] },
    });
    const way = JSON.parse(run("translate", "demo", "01:00.0+0x10", "--json").stdout) as object;
    expect(way).toMatchObject({ space: "configuration", target: "0000:01:00.0+0x10" });
  });

  it.each([
    [["explain", "demo", "nonsense"], /no address/],
    [["explain", "demo", "edu.STATUS", "--bytes", "3"], /1, 2, 4, 8/],
    [["translate", "demo", "bus@ff:00.0:0x0"], /There is no function/],
  ])("refuse %j in one line, with exit code 2", (given, sentence) => {
    const { status, stderr } = run(...given);
    expect(status).toBe(2);
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(sentence)]);
  });
});
