/**
 * Native PCIe hot-plug (drivers/pci/hotplug/pciehp_core.c, pciehp_ctrl.c, pciehp_hpc.c): the interrupt of a slot says that
 * a card came or went, that its link did, or that somebody pressed the button; a thread then looks what is there.
 * Not modelled: power faults, the MRL sensor, polling, resets of the slot.
 */
import { Bridge } from "../pci/bridge";
import { EXPRESS_ID } from "../pci/capabilities/express";
import type { PciDev } from "./pci-dev";
import { requestPortInterrupt } from "./port-vector";
import { removeDevice } from "./remove";
import type { RunningKernel } from "./running-kernel";
import { EVENT, SlotRegisters } from "./slot-registers";

const [COMMAND, MASTER_AND_SERR, INTX_DISABLE] = [4, 0x104, 0x400] as const;
const MS = 1e6;
const BUTTON_NS = 5000 * MS;
const POWER_OFF_NS = 1000 * MS;
const LINK_NS = 100 * MS;
const LINK_TRIES = 11;

type State = "off" | "blinking-on" | "on" | "blinking-off";

export class HotPlugSlot {
  readonly #kernel: RunningKernel;
  readonly #port: PciDev;
  readonly #slot: SlotRegisters;
  readonly #name: string;
  /** Takes a bridge that was found on a card. */
  readonly #adopt: (dev: PciDev) => void;
  #state: State;
  /** Events that the interrupt has found, for the thread. */
  #pending = 0;
  #button: object | undefined;

  /** Of a port whose slot firmware has handed over; undefined for any other. */
  static of(kernel: RunningKernel, port: PciDev, adopt: (dev: PciDev) => void): HotPlugSlot | undefined {
    const express = kernel.config.findCapability(port.bdf, EXPRESS_ID);
    return express && hasNativeSlot(kernel, port)
      ? new HotPlugSlot(kernel, port, { express, adopt })
      : undefined;
  }

  private constructor(
    kernel: RunningKernel,
    port: PciDev,
    { express, adopt }: { readonly express: number; readonly adopt: (dev: PciDev) => void },
  ) {
    this.#kernel = kernel;
    this.#port = port;
    this.#adopt = adopt;
    this.#slot = new SlotRegisters(kernel.config, port.bdf, express);
    this.#name = `Slot(${this.#slot.number})`;
    this.#state = port.subordinate?.devices.length ? "on" : "off";
    this.#log(`Slot #${this.#slot.number} ${this.#slot.text}`);
    requestPortInterrupt(kernel, port, { name: "pciehp", run: () => this.#interrupted() });
    this.#slot.enableEvents();
    this.#checkPresence();
  }

  /** A card that nobody has found yet, or power for none (pciehp_check_presence, pciehp_probe). */
  #checkPresence(): void {
    if (this.#state !== "off") return;
    if (this.#slot.present || this.#slot.linkActive) this.#wake(EVENT.PRESENCE);
    else this.#slot.power(false);
  }

  /** pciehp_isr */
  #interrupted(): boolean {
    const events = this.#slot.takeEvents();
    if (events & ~EVENT.COMPLETED) this.#wake(events & ~EVENT.COMPLETED);
    return events !== 0;
  }

  #wake(events: number): void {
    if (!this.#pending) this.#kernel.services.work.schedule(() => this.#handle());
    this.#pending |= events;
  }

  /** pciehp_ist */
  #handle(): void {
    const events = this.#pending;
    this.#pending = 0;
    if (events & EVENT.BUTTON) {
      this.#log(`${this.#name}: Attention button pressed`);
      this.#pressed();
    }
    if (events & (EVENT.PRESENCE | EVENT.LINK)) this.#changed(events);
  }

  /** pciehp_handle_button_press: five seconds to think again. */
  #pressed(): void {
    const waits = this.#button !== undefined;
    this.#button = undefined;
    if (waits) {
      this.#log(`${this.#name}: Button cancel`);
      this.#state = this.#state === "blinking-off" ? "on" : "off";
      this.#slot.indicate(this.#state === "on" ? "on" : "off");
      this.#log(`${this.#name}: Action canceled due to button press`);
      return;
    }
    const on = this.#state === "on";
    this.#state = on ? "blinking-off" : "blinking-on";
    this.#log(
      on
        ? `${this.#name}: Powering off due to button press`
        : `${this.#name} Powering on due to button press`,
    );
    this.#slot.indicate("blinks");
    const button = {};
    this.#button = button;
    this.#kernel.services.work.schedule(() => this.#decided(button), BUTTON_NS);
  }

  #decided(button: object): void {
    if (this.#button !== button) return;
    this.#button = undefined;
    if (this.#state === "blinking-off") this.#disable({ present: true });
    else this.#changed(EVENT.PRESENCE);
  }

  /** pciehp_handle_presence_or_link_change */
  #changed(events: number): void {
    if (this.#state === "on" || this.#state === "blinking-off") {
      this.#button = undefined;
      if (events & EVENT.LINK) this.#log(`${this.#name}: Link Down`);
      if (events & EVENT.PRESENCE) this.#log(`${this.#name}: Card not present`);
      this.#disable({ present: false });
    }
    if (!this.#slot.present && !this.#slot.linkActive) {
      if (this.#state === "blinking-on") this.#log(`${this.#name}: Card not present`);
      if (this.#state === "blinking-on") this.#turnOff();
      return;
    }
    this.#button = undefined;
    if (this.#slot.present) this.#log(`${this.#name}: Card present`);
    if (this.#slot.linkActive) this.#log(`${this.#name}: Link Up`);
    this.#enable();
  }

  /** board_added, pciehp_configure_device */
  #enable(): void {
    this.#slot.power(true);
    this.#slot.enableLink();
    this.#slot.indicate("blinks");
    if (!this.#waitForLink()) {
      this.#log(`${this.#name}: No link`);
      this.#fail("Failed to check link status");
      return;
    }
    this.#kernel.services.sleep(LINK_NS);
    this.#pending &= ~(EVENT.LINK | EVENT.PRESENCE);
    const found = this.#kernel.enumeration.scanBelow(this.#port);
    if (!found.length) {
      this.#log(`${this.#name}: No device found`);
      this.#fail("Failed to check link status");
      return;
    }
    this.#kernel.assignment.assignBelow(this.#port);
    this.#state = "on";
    this.#slot.indicate("on");
    for (const dev of found) this.#add(dev);
    this.#kernel.changed();
  }

  /** pci_bus_add_device, and what is below */
  #add(dev: PciDev): void {
    this.#adopt(dev);
    this.#kernel.drivers.added(dev);
    for (const below of dev.subordinate?.devices ?? []) this.#add(below);
  }

  /** pcie_wait_for_link: a second and a bit. */
  #waitForLink(): boolean {
    for (let left = LINK_TRIES; !this.#slot.linkActive && left > 0; left--)
      this.#kernel.services.sleep(LINK_NS);
    return this.#slot.linkActive;
  }

  /** remove_board, pciehp_unconfigure_device */
  #disable({ present }: { readonly present: boolean }): void {
    this.#state = "off";
    for (const dev of [...(this.#port.subordinate?.devices ?? [])].reverse()) {
      this.#stop(dev);
      removeDevice(this.#kernel, dev);
      if (present) this.#quieten(dev);
    }
    this.#turnOff();
    if (this.#slot.has("PwrCtrl")) this.#kernel.services.sleep(POWER_OFF_NS);
    this.#pending &= ~(EVENT.LINK | EVENT.PRESENCE);
    this.#kernel.changed();
  }

  /** Drivers let go, of what is below first. */
  #stop(dev: PciDev): void {
    for (const below of [...(dev.subordinate?.devices ?? [])].reverse()) this.#stop(below);
    this.#kernel.drivers.removed(dev);
  }

  /** What stays in the slot sends nothing any more. */
  #quieten({ bdf }: PciDev): void {
    const command = this.#kernel.config.read(bdf, COMMAND, 2);
    const value = (command & ~MASTER_AND_SERR) | INTX_DISABLE;
    this.#kernel.config.write(bdf, COMMAND, { width: 2, value });
  }

  #fail(text: string): void {
    this.#kernel.kernelLog.err(`pcieport ${this.#port.name}: pciehp: ${text}`);
    this.#turnOff();
  }

  #turnOff(): void {
    this.#state = "off";
    this.#slot.power(false);
    this.#slot.indicate("off");
  }

  #log(text: string): void {
    this.#kernel.kernelLog.info(`pcieport ${this.#port.name}: pciehp: ${text}`);
  }
}

/** A slot that firmware hands over, as the board's ACPI tables tell (_OSC). */
function hasNativeSlot({ machine }: RunningKernel, { bdf, isHotplugBridge }: PciDev): boolean {
  const fn = machine.root.functionAt(bdf);
  return isHotplugBridge && fn instanceof Bridge && fn.slot?.native === true;
}
