/** The demo machine with writes on their way: what its CPU and its edu device do, in a word each. */
import type * as Delay from "linux/delay";
import { bus } from "../../emulator/core/address";
import { linuxModules } from "../../emulator/linux/modules";
import { configRead, configWrite } from "../../emulator/pci/config-access";
import type { Posting } from "../../emulator/pci/posted-writes";
import { booted, enable, functionOf, iomap } from "./bench";

const RAM = 0x200000;
const EDU = { bus: 1, device: 0, function: 0, at: 0x3c } as const;
const SHMEM = { ...EDU, bus: 2 } as const;
/** Interrupt Status of the shared memory's device. */
const READ_TO_CLEAR = 4;

export type PostingBench = ReturnType<typeof posting>;

/** The demo machine in a mode: the CPU, edu below one port, shared memory below another. */
export function posting(mode: Posting) {
  const made = booted();
  for (const name of ["edu", "shmem"]) enable(made, name);
  const { machine, io, kernel } = made;
  const [edu, shmem] = [functionOf(made, "edu"), functionOf(made, "shmem")];
  const [registers, other] = [iomap(made, "edu"), iomap(made, "shmem")];
  const bankOf = (name: string) => {
    const found = machine.devices.flatMap(({ banks }) => banks).find((it) => it.name === name);
    if (!found) throw new RangeError(`There is no bank ${name}`);
    return found;
  };
  machine.root.fabric.posted.setMode(mode, { seed: 11 });
  const ram = () => {
    const bytes = new Uint8Array(1);
    machine.ram.copyOut(RAM, bytes);
    return bytes[0];
  };
  return {
    edu,
    ram,
    clock: machine.clock,
    root: machine.root,
    delay: linuxModules(kernel).get("linux/delay") as unknown as typeof Delay,
    interrupts: machine.interrupts,
    write: (at: number, value: number) => io.iowrite32(value, registers, at),
    read: (at: number) => io.ioread32(registers, at),
    readOther: () => io.ioread32(other, READ_TO_CLEAR),
    liveness: () => bankOf("edu").registers.value("LIVENESS"),
    dmaWrite: (value: number) => edu.dmaWrite(bus(BigInt(RAM)), Uint8Array.of(value)),
    dmaRead: () => {
      const into = new Uint8Array(1);
      edu.dmaRead(bus(BigInt(RAM)), into);
      return into[0];
    },
    /** Runs `act` while the CPU's read of shared memory's registers is under way. */
    whileItReads(act: () => void): void {
      const bank = bankOf("shmem");
      const once = onlyOnce(act);
      const [read, readWord] = [bank.read.bind(bank), bank.readWord.bind(bank)];
      bank.read = (at, width) => {
        once();
        return read(at, width);
      };
      bank.readWord = (at) => {
        once();
        return readWord(at);
      };
      this.readOther();
    },
    /** Runs `act` while a configuration write of the CPU is under way. */
    whileItConfigures(act: () => void): void {
      const configure = shmem.configWrite.bind(shmem);
      shmem.configWrite = (at, access) => {
        act();
        configure(at, access);
      };
      configWrite(machine.root, SHMEM, { width: 1, value: 5 });
    },
    /** Runs `act` while edu waits for the completion of its own read. */
    whileItWaits(act: () => void): number | undefined {
      machine.root.upstream.onRequest = onlyOnce(act);
      return this.dmaRead();
    },
    inConfiguration: () => configRead(machine.root, EDU, 1),
    configure: (value: number) => configWrite(machine.root, EDU, { width: 1, value }),
  };
}

function onlyOnce(act: () => void): () => void {
  let acted = false;
  return () => {
    if (acted) return;
    acted = true;
    act();
  };
}
