import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver } from "./conversation";

const program = driver("factorial");
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function at(text: string): Promise<void> {
  await talk.run(program, { at: [text] });
  await talk.stopped();
}

describe("the console's walk", () => {
  it("shows the page tables' part of a translation, and where it ends", async () => {
    await at("let polls = 0");
    const io = await talk.evaluate("card.io", "watch");
    const walked = await talk.evaluate(`walk ${io}`);
    expect(walked).toMatch(/PML4|PGD/);
    expect(walked).not.toMatch(/Host bridge/);
    expect(walked).toMatch(/is 0x40000000 in physical memory$/);
    expect(await talk.evaluate("walk 0xffffc9ff00000000")).toMatch(/not present/);
    await expect(talk.evaluate("walk")).rejects.toThrow(/^Write walk ADDRESS\.$/);
  });
});

describe("the console's trace", () => {
  it("records what goes over the bus from then on, by name, and forgets it", async () => {
    await at("iowrite32(n, card.io, FACTORIAL)");
    expect(await talk.evaluate("trace")).toBe("Nothing is recorded: trace on.");
    await talk.evaluate("trace on");
    await talk.move("next");
    expect(await talk.evaluate("trace 1")).toMatch(
      /^\d+\.\d{9} {2}cpu {2}MWr {5}edu\.FACTORIAL {2}4 bytes {2}0x1 {2}posted$/,
    );
    expect(await talk.evaluate("trace 5 edu.STATUS")).toBe("Nothing like that has gone over the bus.");
    await talk.evaluate("trace off");
    await talk.evaluate("trace clear");
    await talk.move("next");
    expect(await talk.evaluate("trace")).toBe("Nothing is recorded: trace on.");
  });
});

describe("the console's inject", () => {
  it("lets an access end badly, says so, and lasts over a restart", async () => {
    await at("let sum = 0");
    expect(await talk.evaluate("inject edu read 1 timeout")).toBe("edu: read 1 ends with timeout");
    await talk.breakAt(program, ["return ioread32(card.io, FACTORIAL)"]);
    await talk.move("continue");
    expect(await talk.evaluate("polls")).not.toBe("0");
    await talk.breakAt(program, ["const id ="]);
    await talk.client.customRequest("restart", {});
    await talk.stopped();
    await talk.move("next");
    expect(await talk.evaluate("id")).toBe(String(0xffff_ffff));
    expect(await talk.evaluate("inject clear")).toMatch(/^No faults are injected/);
    await expect(talk.evaluate("inject nobody read 1")).rejects.toThrow(/no device nobody/);
    await expect(talk.evaluate("inject edu read")).rejects.toThrow(/^Which read\?/);
  });
});

describe("the console's irq", () => {
  it("lists handlers and fates, and lets a device interrupt", async () => {
    await at("let sum = 0");
    expect(await talk.evaluate("irq")).toMatch(/^ +\d+: +0 {3}IO-APIC {3}edu$/m);
    expect(await talk.evaluate("irq edu")).toMatch(/line \d+: asserted$/);
    await talk.breakAt(program, ["self.interrupts += 1"]);
    expect((await talk.move("continue")).frames[0]?.name).toBe("interrupt");
    expect(await talk.evaluate("irq")).toMatch(/line \d+: delivered$/);
  });
});

describe("the console's state", () => {
  it("puts the hardware aside, says what has changed, and brings it back", async () => {
    await at("iowrite32(n, card.io, FACTORIAL)");
    expect(await talk.evaluate("state")).toMatch(/^No state is saved/);
    expect(await talk.evaluate("state save before")).toMatch(/^Saved as before/);
    expect(await talk.evaluate("state diff before")).toBe("Nothing differs.");
    await talk.move("next");
    await talk.evaluate("poke phys:0x200000 7");
    const difference = await talk.evaluate("state diff before");
    expect(difference).toContain("edu.STATUS 0x0 → 0x1 (COMPUTING 0x0 → 0x1)");
    expect(difference).toContain("RAM 0x200000-0x200fff");
    await talk.evaluate("state save after");
    expect(await talk.evaluate("state restore before")).toMatch(/^The hardware is as in before/);
    expect(await talk.register("edu.STATUS")).toBe("0x0");
    expect(await talk.evaluate("ioread32(card.io, STATUS)")).toBe("0");
    expect(await talk.evaluate("state diff before after")).toContain("edu.STATUS 0x0 → 0x1");
    await expect(talk.evaluate("state diff nonsense")).rejects.toThrow(
      /^There is no state "nonsense": there is before, after\.$/,
    );
  });

  it("is refused while the driver runs", async () => {
    await talk.run(driver("spin"));
    await expect(talk.evaluate("state save x")).rejects.toThrow(/^The driver runs: pause it first\.$/);
  });
});

describe("help", () => {
  it("tells of one verb", async () => {
    expect(await talk.evaluate("help state")).toMatch(/^state \[save NAME .*\n.*compared with now/);
    await expect(talk.evaluate("help nonsense")).rejects.toThrow(/no verb nonsense/);
  });
});
