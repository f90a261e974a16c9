/** The Trace tab on both UI kits, answered by a stand-in for the machine that holds ten million events. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { panelState } from "../../extension/panel-state";
import type { FromPanel } from "../../webview/protocol";
import type { TraceQuery } from "../../webview/protocol-trace";
import { demo } from "../extension/demo-state";
import { demoTrace } from "../extension/demo-trace";
import { type Kit, PanelPage } from "./panel-page";

const state = panelState(demo, new Map());
const kits: readonly Kit[] = ["kit", "kit.elements"];
const total = 10_000_000;

const queries = (said: readonly FromPanel[]): readonly TraceQuery[] =>
  said.flatMap((message) => (message.type === "trace" && message.query ? [message.query] : []));

describe.each(kits)("the Trace tab on webview/%s.ts", (kit) => {
  let panel: PanelPage;

  /** Answers what was asked last; undefined when nothing was. */
  async function answer(): Promise<TraceQuery | undefined> {
    const query = queries(await panel.said()).at(-1);
    if (query) await panel.tell({ type: "trace", window: demoTrace(total, query) });
    return query;
  }

  /** Until the list is content. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      await panel.page.waitForTimeout(30);
      quiet = (await answer()) ? 0 : quiet + 1;
    }
  }

  beforeAll(async () => {
    panel = await PanelPage.open(kit);
  }, 60_000);
  beforeEach(async () => {
    await panel.reload();
    await panel.said();
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "trace" });
    await settle();
  });
  afterAll(() => panel.close());

  const row = (index: number) => panel.page.locator(`#row-${index}`);

  it("shows the last of ten million events, and draws no more rows than can be seen", async () => {
    await row(total - 1).waitFor();
    expect(await panel.page.getByRole("option").count()).toBeLessThan(100);
    await panel.page.getByText("10,000,000 events").waitFor();
  });

  it("reaches the first and each next one by keys", async () => {
    const list = panel.page.getByRole("listbox", { name: "Transactions, interrupts and log" });
    await list.press("Home");
    await settle();
    await list.press("ArrowDown");
    await settle();
    expect(await row(1).getAttribute("aria-selected")).toBe("true");
    expect(await list.getAttribute("aria-activedescendant")).toBe("row-1");
  });

  it("goes row by row with the wheel where a pixel of its scroll bar is more than a row", async () => {
    const list = panel.page.getByRole("listbox", { name: "Transactions, interrupts and log" });
    await list.press("Home");
    await settle();
    await list.hover();
    await panel.page.mouse.wheel(0, 220);
    await settle();
    const { top } = await list.evaluate((element) => element.getBoundingClientRect());
    const seen = await row(10).evaluate((element) => element.getBoundingClientRect().top);
    expect(Math.abs(seen - top)).toBeLessThan(3);
  });

  it("opens the driver's line of an access by Enter", async () => {
    const list = panel.page.getByRole("listbox", { name: "Transactions, interrupts and log" });
    await list.press("Home");
    await settle();
    for (const _ of [1, 2]) await list.press("ArrowDown");
    await settle();
    await list.press("Enter");
    expect(await panel.said()).toContainEqual({ type: "open", path: "/samples/edu.ts", line: 42 });
  });

  it("asks only for the lanes and words that are chosen", async () => {
    await panel.page.getByRole("button", { name: "DMA" }).click();
    await panel.page.getByRole("textbox", { name: "Search" }).fill("edu");
    await panel.page.getByRole("button", { name: "Failed" }).click();
    const query = queries(await panel.said()).at(-1);
    expect(query?.filter).toEqual({ lanes: ["dma"], words: "edu", failed: true });
    expect(query?.from).toBe("end");
  });

  it("goes to the moment that is pressed in the lanes, and enlarges what is dragged over", async () => {
    const lane = panel.page.locator(".lane-bars").first();
    const box = await lane.boundingBox();
    if (!box) throw new Error("the lanes are drawn");
    await panel.page.mouse.click(box.x + box.width / 2, box.y + 5);
    const leap = await answer();
    expect(leap?.from).toMatchObject({ time: expect.closeTo(total * 65, -6) });
    await settle();
    const { time = 0 } = (leap?.from ?? {}) as { readonly time?: number };
    await row(Math.floor(time / 130)).waitFor();
    await panel.page.mouse.move(box.x + box.width / 4, box.y + 5);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + box.width / 2, box.y + 5, { steps: 4 });
    await panel.page.mouse.up();
    const { span = [0, 0] } = queries(await panel.said()).at(-1) ?? {};
    expect((span[1] - span[0]) / (total * 130)).toBeCloseTo(0.25, 1);
  });

  it("zooms by keys, and says the lanes in words", async () => {
    const lanes = panel.page.getByRole("figure", { name: "Lanes over virtual time" });
    await lanes.press("+");
    expect(queries(await panel.said()).at(-1)?.span).toEqual([total * 32.5, total * 97.5]);
    expect(await lanes.locator("figcaption").textContent()).toMatch(/^Events per lane: Log \d+, MMIO \d+/);
  });

  it("records when told to, and asks for nothing while another tab is shown", async () => {
    await panel.page.getByRole("button", { name: "Stop Recording" }).click();
    await panel.page.getByRole("tab", { name: "BARs" }).click();
    await panel.tell({ type: "state", state: { ...state, time: "1.0 s" } });
    await panel.page.getByText("1.0 s").waitFor();
    expect(await panel.said()).toEqual([{ type: "tracing", to: "off" }, { type: "trace" }]);
  });
});
