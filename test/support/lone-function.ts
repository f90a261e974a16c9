/** A function on a bus of its own, that notes what it writes. */
import { Arena } from "../../emulator/core/arena";
import { Clock } from "../../emulator/core/clock";
import { RegisterBank } from "../../emulator/core/register-bank";
import { bankBar } from "../../emulator/pci/bar";
import { Bus } from "../../emulator/pci/bus";
import type { Capability } from "../../emulator/pci/capabilities/capability";
import type { Msix } from "../../emulator/pci/capabilities/msix";
import { Fabric } from "../../emulator/pci/fabric";
import { PciFunction } from "../../emulator/pci/function";
import type { Root } from "../../emulator/pci/place";

const ids = { vendor: 0x1234, device: 1, revision: 0, classCode: 0xff0000 };

export function alone(capabilities: readonly Capability[], more: { msix?: Msix; size?: number } = {}) {
  const arena = Arena.create(1 << 24);
  const size = more.size ?? 4096;
  const map = more.msix?.registers ?? {};
  const bank = new RegisterBank(arena, {
    name: "bank",
    map,
    size,
    blank: 0,
    behaviours: more.msix?.behaviours ?? {},
  });
  more.msix?.connect(bank.registers);
  const bars = [bankBar(0, "mem64", bank)];
  const fn = new PciFunction(arena, {
    name: "fn",
    ids,
    express: true,
    interruptPin: 1,
    bars,
    capabilities,
    ...(more.msix && { msix: more.msix }),
  });
  const written: (readonly [address: bigint, data: number])[] = [];
  const fabric = new Fabric(arena, new Clock(arena));
  const root: Root = {
    fabric,
    decodeChanged: () => undefined,
    lineChanged: () => undefined,
    dmaRead: () => "SC",
    dmaWrite: (_from, address, source) => {
      written.push([address, new DataView(source.buffer).getUint32(0, true)]);
      return "SC";
    },
  };
  new Bus(root, {}).plug(fn, { device: 0 });
  fn.reset();
  bank.reset();
  fn.configWrite(4, { width: 2, value: 6 });
  return { fn, bank, written };
}
