/** What drivers use besides the bus: memory, DMA, time, and who watches that they use it well. */
import { physical } from "../core/address";
import { hex } from "../core/hex";
import type { FunctionSide, Requested } from "../pci/place";
import { AccessChecks } from "./access-checks";
import { CharDevices } from "./char-devices";
import { Context } from "./context";
import { DirectDma } from "./dma/direct";
import { Dma } from "./dma/dma";
import { IntelIommu } from "./dma/intel-iommu";
import type { DmaDevice } from "./dma/mapping";
import { SWIOTLB_BYTES, Swiotlb } from "./dma/swiotlb";
import { TranslatedDma } from "./dma/translated";
import type { KernelBase } from "./kernel-base";
import { Heap } from "./memory/heap";
import type { MemoryAccess } from "./memory/kernel-memory";
import { UserSpace } from "./memory/user-space";
import type { Pages } from "./pages";
import type { PciBus } from "./pci-dev";
import { Sanitizer } from "./sanitizer";
import { Work } from "./work";

const FOUR_GIB = 2 ** 32;

export class Services {
  readonly sanitizer: Sanitizer;
  readonly checks: AccessChecks;
  readonly context: Context;
  readonly work: Work;
  readonly heap: Heap;
  readonly memory: MemoryAccess;
  /** Character devices and who has them open. */
  readonly files = new CharDevices();
  readonly userSpace: UserSpace;
  readonly dma: Dma;
  readonly iommu: IntelIommu | undefined;
  readonly #kernel: KernelBase;
  readonly #pages: Pages;
  #direct: DirectDma | undefined;
  #listens = false;

  /** Of a kernel whose vmalloc range and log are there; the rest of it may follow. */
  constructor(kernel: KernelBase, pages: Pages) {
    const { machine } = kernel;
    this.#kernel = kernel;
    this.#pages = pages;
    this.sanitizer = new Sanitizer(kernel.kernelLog);
    this.checks = new AccessChecks(kernel, machine.watchpoints);
    this.context = new Context(this.sanitizer);
    this.work = new Work(machine.clock, machine.localTimer);
    this.heap = new Heap(pages, kernel.vmalloc);
    this.userSpace = new UserSpace(machine, pages);
    this.memory = { cpu: machine.cpu, touched: undefined };
    this.dma = new Dma(kernel, (dev) => this.#opsOf(dev));
    this.iommu = machine.iommu && new IntelIommu(kernel, machine.iommu, pages);
  }

  /** Before enumeration, as `mem_init` does. */
  announce(): void {
    this.iommu?.announce();
    this.#direct = new DirectDma(this.#kernel, this.#pages, this.#bouncePool());
  }

  /** After enumeration: the IOMMU begins to translate, and requests of devices are looked at. */
  start(): void {
    const { machine, devices } = this.#kernel;
    this.iommu?.start([...new Set(devices.map(({ bus }) => rootOf(bus)))]);
    machine.root.upstream.onRequest = (from, request) => this.#requested(from, request);
    machine.cpu.history = (address) => this.checks.faulted(address);
    machine.cpu.watch = this.checks;
    this.#listen();
  }

  /** Once, however often the machine is booted. */
  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    const { fabric } = this.#kernel.machine.root;
    const { onError } = fabric;
    fabric.onError = (error) => {
      this.checks.failed(error);
      onError?.(error);
    };
  }

  /** Time passes for a task that sleeps: others run meanwhile. */
  sleep(nanoseconds: number): void {
    const { clock } = this.#kernel.machine;
    for (const until = clock.now + nanoseconds; ; ) {
      this.work.runItems();
      if (clock.now >= until) return;
      this.#kernel.passTime(Math.max(1, Math.min(until, this.work.nextItem ?? until) - clock.now));
    }
  }

  /** Requests of a device that a driver holds are checked against what it mapped. */
  #requested(from: FunctionSide, request: Requested): void {
    const dev = this.#kernel.boundTo(from.name);
    if (!dev || !this.sanitizer.on || !this.#isRam(request)) return;
    this.dma.reach.request(dev, from, request);
  }

  /** Behind an IOMMU every address is one of the domain; else only RAM concerns anybody. */
  #isRam({ address, bytes }: Requested): boolean {
    if (this.#kernel.machine.root.remapping?.enabled) return true;
    if (address + BigInt(bytes) > 1n << 52n) return false;
    return this.#kernel.machine.physical.ramOffset(physical(Number(address))) !== undefined;
  }

  #opsOf(dev: DmaDevice): DirectDma | TranslatedDma {
    if (this.iommu?.domainOf(dev.pci)) return new TranslatedDma(this.iommu, this.#pages);
    this.#direct ??= new DirectDma(this.#kernel, this.#pages, this.#bouncePool());
    return this.#direct;
  }

  /** Only machines that have RAM where 32 bits do not reach get one, and no IOMMU that translates (pci_swiotlb_detect). */
  #bouncePool(): Swiotlb | undefined {
    const { machine, kernelLog } = this.#kernel;
    const above = machine.physical.ramOffset(physical(FOUR_GIB)) !== undefined;
    const translated = machine.iommu && machine.description.iommu !== "passthrough";
    if (!above || translated) return undefined;
    const start = this.#pages.allocate(SWIOTLB_BYTES, FOUR_GIB);
    if (start === undefined) return undefined;
    const [from, to] = [start, start + SWIOTLB_BYTES - 1].map((at) => hex(at).slice(2).padStart(16, "0"));
    kernelLog.info(`software IO TLB: mapped [mem 0x${from}-0x${to}] (${SWIOTLB_BYTES >> 20}MB)`);
    kernelLog.info("PCI-DMA: Using software bounce buffering for IO (SWIOTLB)");
    return new Swiotlb(start);
  }
}

function rootOf(bus: PciBus): PciBus {
  return bus.parent ? rootOf(bus.parent) : bus;
}
