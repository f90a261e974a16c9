import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver, lineOf } from "./conversation";

const program = driver("factorial");
const line = (text: string) => lineOf(program, text);
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

async function conditional(text: string, condition: object) {
  await talk.client.launchRequest({ program } as never);
  const breakpoints = [{ line: line(text), ...condition }];
  const { body } = await talk.client.setBreakpointsRequest({ source: { path: program }, breakpoints });
  await talk.client.configurationDoneRequest();
  return body.breakpoints[0];
}

describe("a breakpoint", () => {
  it("on a line without code moves to the next line that has some", async () => {
    const [moved] = await talk.run(program, { at: ["interface Card"] });
    expect(moved?.verified).toBe(true);
    expect(moved?.line).toBeGreaterThan(line("interface Card"));
  });

  it("in another of the driver's files binds there", async () => {
    const other = path.join(path.dirname(program), "registers.ts");
    await talk.client.launchRequest({ program } as never);
    const [breakpoint] = await talk.breakAt(other, ["export const STATUS"]);
    expect(breakpoint).toMatchObject({ verified: true, line: lineOf(other, "export const STATUS") });
    await talk.client.configurationDoneRequest();
    expect((await talk.stopped()).frames[0]?.source?.path).toBe(other);
  });

  it("in a file that is not the driver's is not verified, and says why", async () => {
    await talk.client.launchRequest({ program } as never);
    const [breakpoint] = await talk.breakAt(driver("spin"), ["let turns"]);
    expect(breakpoint).toMatchObject({
      verified: false,
      message: "spin.ts is not part of the driver that runs.",
    });
  });

  it("set before launch is bound at launch", async () => {
    const [pending] = await talk.breakAt(program, ["let sum = 0"]);
    expect(pending).toMatchObject({ verified: false, reason: "pending" });
    await talk.run(program);
    expect((await talk.stopped()).hitBreakpointIds).toEqual([pending?.id]);
  });

  it("through a symbolic link binds, and is reported with the path that the client wrote", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "root port "));
    try {
      const linked = path.join(folder, "linked");
      symlinkSync(path.dirname(program), linked);
      const other = path.join(linked, "factorial.ts");
      await talk.run(other, { at: ["let sum = 0"] });
      expect((await talk.stopped()).frames[0]?.source?.path).toBe(other);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("with a condition stops only where it is true", async () => {
    await conditional("let polls = 0", { condition: "n === 3" });
    await talk.stopped();
    expect(await talk.evaluate("n")).toBe("3");
  });

  it("with a condition that is no expression says so", async () => {
    const refused = await conditional("let polls = 0", { condition: "n ===" });
    expect(refused).toMatchObject({ verified: false, message: expect.stringMatching(/^SyntaxError: /) });
  });

  it("with a hit count stops at that hit", async () => {
    await conditional("let polls = 0", { hitCondition: "2" });
    await talk.stopped();
    expect(await talk.evaluate("n")).toBe("2");
  });

  it("with a log message prints and does not stop", async () => {
    await conditional("let polls = 0", { logMessage: "n is {n}" });
    await talk.heard("rootport/idle");
    expect(talk.output).toMatch(/n is 1\nn is 2\nn is 3\n/);
  });
});
