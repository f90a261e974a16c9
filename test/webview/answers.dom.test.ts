/** The tabs that ask by themselves, on both UI kits: Translate's reads and aliases, Explain, Boot Replay. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { panelState } from "../../extension/panel-state";
import { demoBoot } from "../extension/demo-boot";
import { demoExplanation } from "../extension/demo-explanation";
import { demo } from "../extension/demo-state";
import { type Kit, PanelPage } from "./panel-page";

const state = panelState(demo, new Map());
const kits: readonly Kit[] = ["kit", "kit.elements"];

describe.each(kits)("what the panel is answered, on webview/%s.ts", (kit) => {
  let panel: PanelPage;

  beforeAll(async () => {
    panel = await PanelPage.open(kit);
  }, 60_000);
  beforeEach(async () => {
    await panel.reload();
    await panel.tell({ type: "state", state });
  });
  afterAll(() => panel.close());

  const button = (name: string | RegExp) => panel.page.getByRole("button", { name });

  describe("about an access", () => {
    beforeEach(async () => {
      await panel.tell({ type: "show", tab: "explain" });
      await panel.page.getByRole("textbox", { name: "Access" }).waitFor();
      await panel.said();
    });

    it("names the bit that decides, as it is and as it would have to be", async () => {
      await panel.tell({ type: "explanation", explanation: demoExplanation });
      const decider = panel.page.locator(".decider");
      expect(await decider.textContent()).toBe("edu.config.COMMAND0x4MEMORY [1]01");
      await panel.page.getByText("all ones (0xffffffff)").waitFor();
    });

    it("does what mends it when that is a write, and copies the rest", async () => {
      await panel.tell({ type: "explanation", explanation: demoExplanation });
      await button(/^Do It/).click();
      await button("Copy setpci -s 01:00.0 COMMAND=2:2").click();
      expect(await panel.said()).toEqual([
        { type: "write", verb: "write", register: "edu.config.COMMAND.MEMORY", value: "1" },
        { type: "copy", text: "setpci -s 01:00.0 COMMAND=2:2" },
      ]);
    });

    it("asks for the last failure without an address, and for a write when that is meant", async () => {
      await button("Last Failure").click();
      await panel.page.getByRole("checkbox", { name: "A write" }).check();
      await panel.page.getByRole("textbox", { name: "Access" }).fill("0x40000008");
      await panel.page.getByRole("textbox", { name: "Access" }).press("Enter");
      expect(await panel.said()).toEqual([
        { type: "explain", question: { write: false } },
        { type: "explain", question: { write: true } },
        { type: "explain", question: { write: true, address: "0x40000008" } },
      ]);
    });

    it("is withdrawn with its tab", async () => {
      await panel.page.getByRole("tab", { name: "BARs" }).click();
      expect(await panel.said()).toEqual([{ type: "explain" }]);
    });
  });

  describe("about the way of an address", () => {
    it("leads from each table entry and register to its own way or bits, and to every alias", async () => {
      const { hops } = demoExplanation;
      const pte = { what: "PTE", at: "0x4401c90", value: "0x8000000040000073", bits: [] };
      const walked = { kind: "page-table", title: "PTE", address: "0x40000000", facts: [], reads: [pte] };
      await panel.tell({ type: "show", tab: "translate" });
      const aliases = [{ space: "bus", address: "bus:0x40000008", by: "BAR 0 of edu" }];
      const translation = {
        input: "0x40000008",
        dead: false,
        sentence: "It is.",
        hops: [walked, ...hops],
        aliases,
      };
      await panel.tell({ type: "translation", translation });
      await button("PTE").click();
      await button("bus:0x40000008").click();
      expect(await panel.said()).toEqual([
        { type: "translate", address: "0x4401c90" },
        { type: "translate", address: "bus:0x40000008" },
      ]);
    });
  });

  it("hands on what lspci printed when it is pasted, and leaves other text alone", async () => {
    const paste = (text: string): Promise<void> =>
      panel.page.evaluate((pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", pasted);
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
      }, text);
    const dump = "00:00.0 Host bridge: Intel Corporation 440FX\n00: 86 80 37 12 07 01 00 00\n";
    await panel.said();
    await paste("a shopping list: eggs, milk, a PCIe analyser with sixteen lanes");
    await paste(dump);
    await expect.poll(() => panel.said()).toEqual([{ type: "import", name: "pasted", text: dump }]);
  });

  it("hands on a file that is dropped, under the file's name", async () => {
    const dump = "40000000-afffffff : PCI Bus 0000:00\n  40000000-400fffff : 0000:00:04.0\n";
    await panel.said();
    await panel.page.evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "server.txt"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, dump);
    await expect.poll(() => panel.said()).toEqual([{ type: "import", name: "server", text: dump }]);
  });

  describe("about the boot", () => {
    beforeEach(async () => {
      await panel.tell({ type: "show", tab: "boot" });
      await panel.page.getByRole("slider", { name: "Decision" }).waitFor();
      await panel.tell({ type: "boot", replay: demoBoot });
    });

    it("is scrubbed by keys: each decision in a sentence, with Linux's own line", async () => {
      const slider = panel.page.getByRole("slider", { name: "Decision" });
      await panel.page
        .getByText(
          "The memory window of 0000:00:03.0 needs 1 MiB for what is behind it, 2 MiB with optional room.",
        )
        .waitFor();
      await slider.press("ArrowRight");
      await slider.press("ArrowRight");
      await panel.page
        .getByText(
          "BAR 0 of 0000:01:00.0 asks for 1 MiB, aligned to 1 MiB: it gets 40000000-400fffff in PCI Bus 0000:01.",
        )
        .waitFor();
      await panel.page.getByText("BAR 0: assigned [mem 0x40000000-0x400fffff]").waitFor();
      await panel.page.getByText("not looked into: it is not the window of bus 01").waitFor();
    });

    it("leads to what failed, and says which gaps would not do", async () => {
      await button("Next one that failed").click();
      await panel.page.getByText("no gap of its window is large enough").waitFor();
      await panel.page
        .getByRole("listitem")
        .filter({ hasText: "1 MiB free: too small after alignment" })
        .waitFor();
      await panel.page.getByText("the largest gap is 1 MiB. Its bridge's window holds 2 MiB.").waitFor();
      const chosen = panel.page.getByRole("option", { selected: true });
      expect(await chosen.textContent()).toContain("no place");
    });

    it.each([
      { width: 560, height: 500 },
      { width: 560, height: 260 },
      { width: 900, height: 220 },
    ])("is read to its end in $width×$height: nothing lies over the list, no line is cut", async (size) => {
      await panel.page.setViewportSize(size);
      await button("Next one that failed").click();
      const line = panel.page.locator(".boot-step > .kernel-lines");
      await line.filter({ hasText: "no space for" }).waitFor();
      await line.evaluate((element) => element.scrollIntoView({ block: "end" }));
      const box = (selector: string) =>
        panel.page.locator(selector).evaluate((element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          return { left, right, top, bottom };
        });
      const list = await box(".boot .long-list");
      const step = await box(".boot-step");
      const kernel = await box(".boot-step > .kernel-lines");
      expect(list.bottom <= step.top || list.right <= step.left).toBe(true);
      expect(kernel.top).toBeGreaterThanOrEqual(0);
      expect(kernel.bottom).toBeLessThanOrEqual(size.height);
      expect(await line.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      await panel.page.setViewportSize({ width: 900, height: 700 });
    });

    it("is run again with something changed", async () => {
      await panel.said();
      const field = panel.page.getByRole("textbox", { name: "What if" });
      await field.fill("edu.BAR0=256M, realloc");
      await field.press("Enter");
      expect(await panel.said()).toEqual([{ type: "boot", whatIf: ["edu.BAR0=256M", "realloc"] }]);
      await panel.tell({ type: "unbooted", sentence: "edu has no BAR 9." });
      await panel.page.getByRole("alert").filter({ hasText: "edu has no BAR 9." }).waitFor();
    });
  });
});
