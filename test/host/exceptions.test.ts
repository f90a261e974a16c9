import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("fault");
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

describe("an exception", () => {
  it("that nobody catches stops at the driver's line, with its text", async () => {
    await talk.run(program);
    const stop = await talk.stopped();
    expect(stop).toMatchObject({ reason: "exception", line: lineOf(program, "return ioread32(beyond") });
    expect(stop.text).toMatch(/unable to handle page fault/);
    const { body } = await talk.client.exceptionInfoRequest({ threadId: 1 });
    expect(body).toMatchObject({
      breakMode: "unhandled",
      description: expect.stringMatching(/page fault(.*\n)*.*0x\w+ is not mapped: the entry is not present/),
    });
  });

  it("ends the session when the driver goes on from it, with one line that names place and cause", async () => {
    await talk.run(program);
    await talk.stopped();
    await talk.go("continue");
    expect((await talk.heard("exited")).body).toMatchObject({ exitCode: 1 });
    expect(talk.output).toMatch(/fault\.ts:\d+: PageFault: .* in probe\(\)$/m);
  });

  it("that the driver catches stops only when asked for", async () => {
    await talk.run(program, { exceptions: ["caught", "uncaught"] });
    expect(await talk.stopped()).toMatchObject({ text: "RangeError: forgiven" });
    expect((await talk.move("continue")).text).toMatch(/page fault/);
  });
});
