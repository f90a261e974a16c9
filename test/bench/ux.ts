/**
 * What a big machine costs the panel: 4,096 functions, 100,000 lines of /proc/iomem, in a real browser. Frames that came
 * late while a script scrolled, beside an empty page scrolled the same way in the same run.
 */
import type { Page } from "playwright-core";
import { panelState } from "../../extension/panel-state";
import type { PanelState, Tab } from "../../webview/protocol";
import { demo } from "../extension/demo-state";
import { PanelPage } from "../webview/panel-page";

const FUNCTIONS = 4096;
const LINES = 100_000;
const FRAMES = 240;

interface Scrolled {
  /** Milliseconds from frame to frame, the median. */
  readonly frame: number;
  /** Frames that would have been shown and were not. */
  readonly dropped: number;
}

function bigMachine(): PanelState {
  const small = panelState(demo, new Map());
  const endpoint = small.devices.at(-1);
  if (!endpoint) throw new Error("the demo machine has devices");
  const bdfOf = (index: number): string =>
    `0000:${(index >> 8).toString(16).padStart(2, "0")}:${((index >> 3) & 31).toString(16).padStart(2, "0")}.${index & 7}`;
  const devices = Array.from({ length: FUNCTIONS }, (_, index) => ({
    ...endpoint,
    name: `f${index}`,
    bdf: bdfOf(index),
  }));
  const iomem = Array.from({ length: LINES }, (_, index) => {
    const start = (BigInt(index) * 0x2000n).toString(16).padStart(8, "0");
    return { depth: 0, text: `${start}-${start.slice(0, -3)}fff : ${bdfOf(index % FUNCTIONS)}` };
  });
  return { ...small, devices, iomem };
}

/** Scrolls what is longest on the page from top to bottom, a step for each frame. */
function scroll(page: Page): Promise<Scrolled> {
  return page.evaluate(
    async ({ frames }) => {
      const rest = (element: Element) => element.scrollHeight - element.clientHeight;
      const [element] = [...document.querySelectorAll("*")]
        .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowY))
        .sort((a, b) => rest(b) - rest(a));
      if (!element) throw new Error("nothing on this page can be scrolled");
      const next = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const times = [await next()];
      for (let step = 1; step <= frames; step++) {
        element.scrollTop = (element.scrollHeight * step) / frames;
        times.push(await next());
      }
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      const frame = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
      const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0);
      return { frame, dropped };
    },
    { frames: FRAMES },
  );
}

async function emptyPage(page: Page): Promise<Scrolled> {
  await page.setContent(
    '<div style="height: 500px; overflow: auto"><div style="height: 2000000px"></div></div>',
  );
  return scroll(page);
}

function say(name: string, { frame, dropped }: Scrolled, bare: Scrolled): void {
  const ratio = (frame / bare.frame).toFixed(2);
  console.log(
    `${name.padEnd(44)} ${frame.toFixed(1).padStart(6)} ms a frame ${ratio.padStart(6)} × ${String(dropped).padStart(4)} of ${FRAMES} frames dropped`,
  );
}

const tabs: readonly (readonly [tab: Tab, name: string])[] = [
  ["devices", `Devices, ${FUNCTIONS} functions`],
  ["topology", `Topology, ${FUNCTIONS} functions`],
  ["bars", `BARs, ${2 * FUNCTIONS} of them`],
  ["iomem", `I/O Memory, ${LINES} lines`],
];

const panel = await PanelPage.open("kit");
try {
  const bare = await emptyPage(panel.page);
  say("an empty page", bare, bare);
  await panel.reload();
  await panel.tell({ type: "state", state: bigMachine() });
  for (const [tab, name] of tabs) {
    await panel.tell({ type: "show", tab });
    await panel.page.getByRole("tab", { selected: true }).waitFor();
    await panel.page.waitForTimeout(500);
    say(name, await scroll(panel.page), bare);
  }
} finally {
  await panel.close();
}
