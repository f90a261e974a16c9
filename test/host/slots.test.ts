import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Conversation, driver } from "./conversation";

let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
});
afterEach(() => talk.close());

it("a card that is taken out while the driver rests is let go by it, and one put in is probed", async () => {
  await talk.run(driver("factorial"));
  await vi.waitFor(() => expect(talk.output).toMatch(/^interrupts 1$/m));
  expect(await talk.evaluate("slot edu out")).toBe("edu does not answer");
  await vi.waitFor(() => expect(talk.output).toMatch(/Card not present[\s\S]*removed$/m));
  expect(await talk.evaluate("slot edu in")).toBe("edu answers");
  await vi.waitFor(() => expect(talk.output).toMatch(/Card present[\s\S]*edu 10000ed$/m));
  await expect(talk.evaluate("slot edu in")).rejects.toThrow(/plugged in already/);
});

it("the mode of posted writes is chosen, and said", async () => {
  await talk.run(driver("factorial"), { at: ["let sum = 0"] });
  await talk.stopped();
  expect(await talk.evaluate("posting")).toBe("Posted writes: prompt");
  await talk.evaluate("posting adversarial");
  expect(await talk.evaluate("posting")).toBe("Posted writes: adversarial");
  await expect(talk.evaluate("posting sometimes")).rejects.toThrow(/^Write posting/);
});
