/** The panel: draws the newest state it was sent, and says what was pressed. */
import { h } from "./dom";
import { awaitDumps } from "./dropped-dump";
import { tabs } from "./kit";
import type { FromPanel, PanelState, Tab, ToPanel } from "./protocol";
import { changedRegisters } from "./view-model/changes";
import { BarsView } from "./views/bars-view";
import { BootView } from "./views/boot-view";
import { type DevicesMemory, DevicesView } from "./views/devices-view";
import { ExplainView } from "./views/explain-view";
import { drawMasthead, EmptyView } from "./views/frame";
import { HierarchyView } from "./views/hierarchy-view";
import { RegisterView } from "./views/register-view";
import { ResourcesView } from "./views/resources-view";
import { TraceView } from "./views/trace-view";
import { TranslateView } from "./views/translate-view";

/** What survives hiding the panel and restarting the editor. */
interface Memory extends DevicesMemory {
  readonly tab: Tab;
  readonly address?: string;
}

type Heard = { readonly [T in ToPanel["type"]]: (message: Extract<ToPanel, { readonly type: T }>) => void };

const editor = acquireVsCodeApi<Memory>();
const post = (message: FromPanel): void => editor.postMessage(message);

class Panel {
  #memory: Memory = { tab: "devices", open: [], ...editor.getState() };
  #state: PanelState | undefined;
  #changed: ReadonlyMap<string, string> = new Map();
  readonly #empty = new EmptyView(() => post({ type: "start" }));
  readonly #masthead = h("header", { class: "masthead" });
  readonly #devices = new DevicesView({
    watch: (register) => post({ type: "watch", register }),
    select: (id) => this.#select(id),
    open: (open) => this.#remember({ open }),
  });
  readonly #hierarchy = new HierarchyView((id) => this.#select(id));
  readonly #register = new RegisterView({
    watch: (register) => post({ type: "watch", register }),
    select: (id) => this.#select(id),
    translate: (address) => this.#follow(address),
    write: (verb, { register, value }) => post({ type: "write", verb, register, value }),
  });
  readonly #bars = new BarsView();
  readonly #iomem = new ResourcesView({ file: "/proc/iomem", unit: "bytes" });
  readonly #ioports = new ResourcesView({ file: "/proc/ioports", unit: "ports" });
  readonly #translate = new TranslateView({
    translate: (address) => this.#ask(address),
    register: (id) => this.#showRegister(id),
  });
  readonly #explain = new ExplainView({
    post,
    translate: (address) => this.#follow(address),
    register: (id) => this.#showRegister(id),
  });
  readonly #boot = new BootView({ post });
  readonly #trace = new TraceView({ post });
  readonly #tabs = tabs(
    [
      { id: "devices", label: "Devices", content: this.#devices.element },
      { id: "topology", label: "Topology", content: this.#hierarchy.element },
      { id: "bars", label: "BARs", content: this.#bars.element },
      { id: "iomem", label: "I/O Memory", content: this.#iomem.element },
      { id: "ioports", label: "I/O Ports", content: this.#ioports.element },
      { id: "register", label: "Register", content: this.#register.element },
      { id: "translate", label: "Translate", content: this.#translate.element },
      { id: "explain", label: "Explain", content: this.#explain.element },
      { id: "boot", label: "Boot Replay", content: this.#boot.element },
      { id: "trace", label: "Trace", content: this.#trace.element },
    ],
    (tab) => this.#remember({ tab: tab as Tab }),
  );
  readonly #machine = h("section", { class: "machine", hidden: true }, this.#masthead, this.#tabs.element);

  constructor(root: HTMLElement) {
    root.append(this.#empty.element, this.#machine);
    this.#empty.draw("Powering on…");
    this.#tabs.select(this.#memory.tab);
    new ResizeObserver(() => this.#fit()).observe(this.#machine);
    const { address } = this.#memory;
    if (address !== undefined) this.#translate.ask(address);
  }

  #remember(part: Partial<Memory>): void {
    this.#memory = { ...this.#memory, ...part };
    editor.setState(this.#memory);
    if (this.#state) this.#draw(this.#state);
    this.#fit();
  }

  /** The tabs may need several rows: the view below them takes what is left. */
  #fit(): void {
    const view = [...this.#machine.querySelectorAll<HTMLElement>(".view")].find(
      (one) => one.offsetParent !== null,
    );
    const above = view?.getBoundingClientRect().top ?? 0;
    if (above > 0) document.documentElement.style.setProperty("--above", `${Math.ceil(above)}px`);
  }

  /** One thing is selected in the whole editor: the trees hear of it. */
  #select(id: string): void {
    this.#remember({ selected: id });
    post({ type: "select", id });
  }

  #selected(id: string, touched: boolean): void {
    this.#remember({ selected: id });
    const register = id.split("/")[2];
    if (touched && register !== undefined) this.#translate.touched(register);
  }

  #showRegister(id: string): void {
    const registers = this.#state?.devices.flatMap((device) => device.registers) ?? [];
    const found = registers.find((register) => register.id === id);
    if (!found) return;
    this.#tabs.select("register");
    this.#remember({ tab: "register" });
    this.#select(found.key);
  }

  /** To the Translate tab, and the answer with it. */
  #follow(address: string): void {
    this.#tabs.select("translate");
    this.#remember({ tab: "translate" });
    this.#translate.ask(address);
  }

  #ask(address: string): void {
    this.#remember({ address });
    post({ type: "translate", address });
  }

  /** What is done with each message. */
  readonly #heard: Heard = {
    state: ({ state }) => this.#take(state),
    nothing: ({ sentence }) => this.#leave(sentence),
    translation: ({ translation }) => this.#translate.show(translation),
    refused: ({ sentence }) => this.#translate.refuse(sentence),
    explanation: ({ explanation }) => this.#explain.show(explanation),
    unexplained: ({ sentence }) => this.#explain.refuse(sentence),
    boot: ({ replay }) => this.#boot.show(replay),
    unbooted: ({ sentence }) => this.#boot.refuse(sentence),
    trace: ({ window }) => this.#trace.show(window),
    written: (message) => this.#register.written(message.register, message),
    select: ({ id, touched }) => this.#selected(id, touched),
    show: ({ tab, address }) => this.#show(tab, address),
  };

  receive(message: ToPanel): void {
    (this.#heard[message.type] as (message: ToPanel) => void)(message);
  }

  #show(tab: Tab, address: string | undefined): void {
    this.#tabs.select(tab);
    this.#remember(address === undefined || tab !== "translate" ? { tab } : { tab, address });
    if (address === undefined) return;
    if (tab === "explain") this.#explain.ask(address);
    else this.#translate.expect(address);
  }

  #leave(sentence: string): void {
    this.#state = undefined;
    this.#machine.hidden = true;
    this.#empty.element.hidden = false;
    this.#empty.draw(sentence);
  }

  /** A change stays marked until the next change. */
  #take(state: PanelState): void {
    const changed = changedRegisters(this.#state, state);
    if (changed.size > 0 || !this.#state) this.#changed = changed;
    this.#state = state;
    this.#empty.element.hidden = true;
    this.#machine.hidden = false;
    this.#draw(state);
  }

  /** What is not seen asks for nothing. */
  #leaveAllBut(tab: Tab): void {
    if (tab !== "explain") this.#explain.leave();
    if (tab !== "boot") this.#boot.leave();
    if (tab !== "trace") this.#trace.leave();
  }

  /** Only what is seen: the other tabs are drawn when they are chosen. */
  #draw(state: PanelState): void {
    drawMasthead(this.#masthead, state);
    const { tab, selected } = this.#memory;
    const looks = { selected, changed: this.#changed };
    if (tab === "devices") this.#devices.draw(state, { memory: this.#memory, changed: this.#changed });
    else if (tab === "topology") this.#hierarchy.draw(state, looks);
    else if (tab === "bars") this.#bars.draw(state);
    else if (tab === "iomem") this.#iomem.draw(state.iomem);
    else if (tab === "ioports") this.#ioports.draw(state.ioports);
    else if (tab === "register") this.#register.draw(state, looks);
    else if (tab === "translate") this.#translate.draw(state);
    else if (tab === "explain") this.#explain.draw(state);
    else if (tab === "boot") this.#boot.draw(state.booted);
    else this.#trace.draw();
    this.#leaveAllBut(tab);
  }
}

const root = document.getElementById("panel");
if (root) {
  const panel = new Panel(root);
  window.addEventListener("message", ({ data }: MessageEvent<ToPanel>) => panel.receive(data));
  awaitDumps((dump) => post({ type: "import", ...dump }));
  post({ type: "ready" });
}
