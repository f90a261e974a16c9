import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("events");
const line = (text: string) => lineOf(program, text);
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function run(...filterOptions: { filterId: string; condition?: string }[]) {
  await talk.client.launchRequest({ program } as never);
  const { body } = await talk.client.setExceptionBreakpointsRequest({ filters: [], filterOptions });
  await talk.client.configurationDoneRequest();
  return body?.breakpoints ?? [];
}

async function explanation(): Promise<string | undefined> {
  return (await talk.client.exceptionInfoRequest({ threadId: 1 })).body.description;
}

async function toTheEnd(): Promise<void> {
  await talk.go("continue");
  await talk.heard("rootport/idle");
}

describe("an event of the machine stops the driver at its line, before it takes effect, and is explained", () => {
  it("a read that nothing answers", async () => {
    await run({ filterId: "master-abort" });
    const stop = await talk.stopped();
    expect(stop).toMatchObject({ reason: "exception", line: line("ioread32(io, 4)") });
    expect(stop.text).toMatch(/^read of 0x\w+ is not answered by lose\(\)$/);
    expect(await explanation()).toMatch(/Memory Space Enable|Memory Space/);
    await toTheEnd();
  });

  it("a width that the device refuses", async () => {
    await run({ filterId: "refused-access" });
    expect(await talk.stopped()).toMatchObject({
      line: line("ioread16(io"),
      text: "read of edu.STATUS is refused by exercise()",
    });
    expect(await explanation()).toMatch(/takes accesses of 32 bits .* has 16/);
    expect((await talk.move("next")).line).toBe(line("iowrite32(7"));
  });

  it("a write to a read-only register, with a condition", async () => {
    await run({ filterId: "read-only-write", condition: "$value == 7" });
    expect(await talk.stopped()).toMatchObject({ line: line("iowrite32(7") });
    await toTheEnd();
  });

  it("an interrupt, before its handler: stepped into, with the interrupted line below a separator", async () => {
    await run({ filterId: "interrupt", condition: "$dev == 'edu'" });
    const arrived = await talk.stopped();
    expect(arrived).toMatchObject({
      line: line("iowrite32(1, io, 0x60)"),
      text: expect.stringMatching(/^interrupt \d+ \(edu\)/),
    });
    const { stack, frames } = await talk.move("stepIn");
    expect(stack).toMatch(new RegExp(`^interrupt:\\d+ < ── interrupt \\d+ ──:0 < exercise:${arrived.line}$`));
    expect(frames[1]?.presentationHint).toBe("label");
    expect(
      (await talk.client.scopesRequest({ frameId: frames[2]?.id ?? 0 })).body.scopes.length,
    ).toBeGreaterThan(0);
    await toTheEnd();
  });
});

describe("a page fault that the driver catches", () => {
  it("stops where it is asked for, explained by the walk of its address", async () => {
    await run({ filterId: "page-fault" });
    const stop = await talk.stopped();
    expect(stop).toMatchObject({ reason: "exception", line: line("io.plus") });
    expect(stop.text).toMatch(/^page fault: read of 0xffffc9\w+ by lose\(\)$/);
    expect(await explanation()).toMatch(/is not mapped: the entry is not present/);
    await toTheEnd();
  });
});

describe("an exception filter", () => {
  it("with a condition that cannot be read is refused, and the others work", async () => {
    const answers = await run(
      { filterId: "master-abort", condition: "$value &" },
      { filterId: "read-only-write" },
    );
    expect(answers).toMatchObject([
      { verified: false, message: expect.stringMatching(/ends too early/) },
      { verified: true },
    ]);
    expect((await talk.stopped()).line).toBe(line("iowrite32(7"));
  });

  it("that is off stops nowhere", async () => {
    await run();
    await talk.heard("rootport/idle");
  });
});
