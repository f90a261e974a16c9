import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver } from "./conversation";

const program = driver("factorial");
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
  await talk.run(program, { at: ["let polls = 0"] });
  await talk.stopped();
});
afterEach(() => talk.close());

describe("looking at a stopped driver", () => {
  it("shows locals and the module's variables", async () => {
    expect(await talk.scope("Local")).toMatchObject({ n: "1" });
    const module = await talk.scope("Module");
    expect(module["card"]).toMatch(/irq: \d+, interrupts: 0/);
  });

  it("shows a variable before its declaration as undefined, and every change at once", async () => {
    expect(await talk.scope("Local")).toEqual({ n: "1", polls: "undefined" });
    await talk.move("next");
    expect(await talk.scope("Local")).toEqual({ n: "1", polls: "0" });
    await talk.evaluate("polls = 7; card.interrupts = 3");
    expect(await talk.scope("Local")).toEqual({ n: "1", polls: "7" });
    expect((await talk.scope("Module"))["card"]).toMatch(/interrupts: 3/);
  });

  it("opens an object, and shows numbers in hexadecimal when asked", async () => {
    const { body } = await talk.client.evaluateRequest({ expression: "card", context: "watch", frameId: 1 });
    expect(await talk.variables(body.variablesReference)).toMatchObject({ interrupts: "0" });
    const hex = { expression: "255", frameId: 1, context: "repl", format: { hex: true } };
    expect((await talk.client.evaluateRequest(hex)).body.result).toBe("0xff");
  });

  it("shows an __iomem pointer as its address, and a struct pci_dev as a driver knows it", async () => {
    const at = { context: "watch", frameId: 1 };
    const io = (await talk.client.evaluateRequest({ expression: "card.io", ...at })).body;
    expect(io).toMatchObject({
      type: "void __iomem *",
      variablesReference: 0,
      result: expect.stringMatching(/^0xffffc90/),
    });
    await talk.client.customRequest("restart", { arguments: { program, stopOnEntry: true } });
    await talk.stopped();
    await talk.breakAt(program, ["const error ="]);
    await talk.move("continue");
    const dev = (await talk.client.evaluateRequest({ expression: "dev", ...at })).body;
    expect(dev.result).toBe("struct pci_dev");
    expect(await talk.variables(dev.variablesReference)).toMatchObject({
      name: '"0000:01:00.0"',
      vendor: '"0x1234"',
    });
  });

  it("changes a local and a property of an object", async () => {
    const { body } = await talk.client.scopesRequest({ frameId: 1 });
    const local = body.scopes.find(({ name }) => name === "Local")?.variablesReference ?? 0;
    await talk.client.setVariableRequest({ variablesReference: local, name: "n", value: "2 + 3" });
    expect(await talk.evaluate("n")).toBe("5");
    const card = await talk.client.evaluateRequest({ expression: "card", context: "watch", frameId: 1 });
    const { variablesReference } = card.body;
    await talk.client.setVariableRequest({ variablesReference, name: "interrupts", value: "7" });
    expect(await talk.evaluate("card.interrupts")).toBe("7");
  });

  it("lists the machine's registers, by peek", async () => {
    const { body } = await talk.client.scopesRequest({ frameId: 1 });
    const scope = body.scopes.find(({ name }) => name === "PCIe");
    expect(scope).toMatchObject({ expensive: true, presentationHint: "registers" });
    const functions = await talk.client.variablesRequest({
      variablesReference: scope?.variablesReference ?? 0,
    });
    const edu = functions.body.variables.find(({ name }) => name === "edu");
    expect(edu?.value).toMatch(/^0000:01:00\.0 /);
    expect(await talk.variables(edu?.variablesReference ?? 0)).toMatchObject({ ID: "0x10000ed" });
  });

  it("refuses in a hover what has a side effect, and allows it in the console", async () => {
    const read = "ioread32(card.io, 0)";
    await expect(talk.evaluate(read, "hover")).rejects.toThrow(
      /A hover does not run what may change the machine/,
    );
    expect(await talk.evaluate(read, "repl")).toBe("16777453");
  });

  it("reads memory by address without touching the device", async () => {
    const { body } = await talk.client.evaluateRequest({ expression: "edu.ID", context: "watch" });
    const memoryReference = body.memoryReference ?? "";
    const memory = await talk.client.customRequest("readMemory", { memoryReference, offset: 0, count: 4 });
    const { data } = (memory as unknown as { body: { data: string } }).body;
    expect([...Buffer.from(data, "base64")]).toEqual([0xed, 0, 0, 1]);
  });
});
