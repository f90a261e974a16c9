/** PCI drivers (include/linux/pci.h). Where C has an out-parameter, the value is returned. */
import type { Device } from "linux/device";
import type { IoMem, resource_size_t, u8, u16, u32 } from "linux/types";

export const PCI_ANY_ID: 0xffffffff;
export const PCI_IRQ_LEGACY: 1;
export const PCI_IRQ_MSI: 2;
export const PCI_IRQ_MSIX: 4;
export const PCI_IRQ_ALL_TYPES: 7;
export const PCI_VENDOR_ID: 0x00;
export const PCI_DEVICE_ID: 0x02;
export const PCI_COMMAND: 0x04;
export const PCI_COMMAND_IO: 1;
export const PCI_COMMAND_MEMORY: 2;
export const PCI_COMMAND_MASTER: 4;
export const PCI_STATUS: 0x06;
export const PCI_REVISION_ID: 0x08;
export const PCI_BASE_ADDRESS_0: 0x10;
export const PCI_INTERRUPT_LINE: 0x3c;
export const PCI_CAP_ID_PM: 0x01;
export const PCI_CAP_ID_MSI: 0x05;
export const PCI_CAP_ID_EXP: 0x10;
export const PCI_CAP_ID_MSIX: 0x11;
export const PCI_EXP_DEVCTL: 0x08;
export const PCI_EXP_LNKCTL: 0x10;
export const PCI_EXP_LNKSTA: 0x12;
export const PCI_STD_NUM_BARS: 6;

/** `struct pci_dev`: a function that enumeration found. */
export interface PciDev {
  readonly vendor: u16;
  readonly device: u16;
  readonly subsystem_vendor: u16;
  readonly subsystem_device: u16;
  /** Base class, subclass, programming interface. */
  readonly class: u32;
  readonly revision: u8;
  /** The interrupt to request; known once the device is enabled. */
  readonly irq: number;
  readonly dev: Device;
}

export interface PciDeviceId {
  readonly vendor: number;
  readonly device: number;
  readonly subvendor?: number;
  readonly subdevice?: number;
  readonly driver_data?: number;
}

/** `struct pci_driver`. */
export interface PciDriver {
  readonly name: string;
  readonly id_table: readonly PciDeviceId[];
  /** Called for each device that matches: 0, or a negative errno. */
  probe(pdev: PciDev, id: PciDeviceId): number;
  /** Called when the driver leaves a device: give back what probe took. */
  remove?(pdev: PciDev): void;
}

/** An entry of `id_table` for any subsystem. */
export function PCI_DEVICE(vendor: number, device: number): PciDeviceId;
/** Announces the driver; probes all devices that match. 0, or a negative errno. */
export function pci_register_driver(driver: PciDriver): number;
export function pci_unregister_driver(driver: PciDriver): void;
/** Makes `pci_register_driver` and `pci_unregister_driver` the module's init and exit. */
export function module_pci_driver(driver: PciDriver): void;

/** Wakes the device and lets it decode its BARs. 0, or a negative errno. */
export function pci_enable_device(pdev: PciDev): number;
/** The same for memory BARs only. */
export function pci_enable_device_mem(pdev: PciDev): number;
/** Takes Bus Master away; BARs go on decoding. */
export function pci_disable_device(pdev: PciDev): void;
/** Like `pci_enable_device`, undone by itself when the driver leaves. */
export function pcim_enable_device(pdev: PciDev): number;
/** Lets the device send requests: DMA and message interrupts. */
export function pci_set_master(pdev: PciDev): void;
export function pci_clear_master(pdev: PciDev): void;

/** Claims all BARs under `name`. 0, or -EBUSY. */
export function pci_request_regions(pdev: PciDev, name: string): number;
export function pci_release_regions(pdev: PciDev): void;
/** Claims one BAR. */
export function pci_request_region(pdev: PciDev, bar: number, name: string): number;
export function pci_release_region(pdev: PciDev, bar: number): void;
/** Where the CPU sees a BAR; 0 if it has none. */
export function pci_resource_start(pdev: PciDev, bar: number): resource_size_t;
/** Its last byte. */
export function pci_resource_end(pdev: PciDev, bar: number): resource_size_t;
/** Bytes. */
export function pci_resource_len(pdev: PciDev, bar: number): number;
/** IORESOURCE_… */
export function pci_resource_flags(pdev: PciDev, bar: number): number;
/** Maps a BAR, at most `maxlen` bytes; 0: all of it. Null if there is nothing to map. */
export function pci_iomap(pdev: PciDev, bar: number, maxlen: number): IoMem | null;
/** Write combining; null for an I/O BAR. For memory behind a BAR, not for registers. */
export function pci_iomap_wc(pdev: PciDev, bar: number, maxlen: number): IoMem | null;
/** Maps a BAR from byte `offset` on. */
export function pci_iomap_range(pdev: PciDev, bar: number, offset: number, maxlen: number): IoMem | null;
/** Maps a memory BAR as a whole. */
export function pci_ioremap_bar(pdev: PciDev, bar: number): IoMem | null;
/** Like `pci_iomap`, undone by itself when the driver leaves. */
export function pcim_iomap(pdev: PciDev, bar: number, maxlen: number): IoMem | null;
/** Undoes `pcim_iomap_regions` early. */
export function pcim_iounmap_regions(pdev: PciDev, mask: number): void;
export function pci_iounmap(pdev: PciDev, io: IoMem): void;
/** Claims and maps the BARs of `mask`; undone by itself when the driver leaves. 0, or a negative errno. */
export function pcim_iomap_regions(pdev: PciDev, mask: number, name: string): number;
/** The mappings of `pcim_iomap_regions`, by BAR. */
export function pcim_iomap_table(pdev: PciDev): readonly (IoMem | null)[];

/** All ones if the device is gone. */
export function pci_read_config_byte(pdev: PciDev, where: number): u8;
export function pci_read_config_word(pdev: PciDev, where: number): u16;
export function pci_read_config_dword(pdev: PciDev, where: number): u32;
export function pci_write_config_byte(pdev: PciDev, where: number, value: u8): number;
export function pci_write_config_word(pdev: PciDev, where: number, value: u16): number;
export function pci_write_config_dword(pdev: PciDev, where: number, value: u32): number;
/** Offset of a capability, or 0. */
export function pci_find_capability(pdev: PciDev, id: number): number;
/** Offset of an extended capability, or 0. */
export function pci_find_ext_capability(pdev: PciDev, id: number): number;
/** A register of the PCI Express capability, by its offset in it; 0 if there is none. (C returns it by pointer.) */
export function pcie_capability_read_word(pdev: PciDev, pos: number): u16;
export function pcie_capability_read_dword(pdev: PciDev, pos: number): u32;
export function pcie_capability_write_word(pdev: PciDev, pos: number, value: u16): number;
export function pcie_capability_set_word(pdev: PciDev, pos: number, set: u16): number;
export function pcie_capability_clear_word(pdev: PciDev, pos: number, clear: u16): number;
/** The device has a PCI Express capability. */
export function pci_is_pcie(pdev: PciDev): boolean;
/** The device does not answer any more. */
export function pci_device_is_present(pdev: PciDev): boolean;
/** Interrupt Disable of the Command register. */
export function pci_intx(pdev: PciDev, enable: boolean): void;
/** One MSI vector instead of INTx: 0, and `pdev.irq` is it. Newer code: `pci_alloc_irq_vectors`. */
export function pci_enable_msi(pdev: PciDev): number;
export function pci_disable_msi(pdev: PciDev): void;
/** Vectors that the device offers, or -EINVAL. */
export function pci_msi_vec_count(pdev: PciDev): number;
export function pci_msix_vec_count(pdev: PciDev): number;

/** Makes `min` to `max` interrupts ready, the best kind of `flags` first: how many, or a negative errno. */
export function pci_alloc_irq_vectors(pdev: PciDev, min: number, max: number, flags: number): number;
export function pci_free_irq_vectors(pdev: PciDev): void;
/** The interrupt number of a vector, for `request_irq()`. */
export function pci_irq_vector(pdev: PciDev, vector: number): number;

/** Keeps the driver's own data with the device. */
export function pci_set_drvdata<T>(pdev: PciDev, data: T): void;
/** What `pci_set_drvdata` kept; say its type: `pci_get_drvdata<EduPriv>(pdev)`. */
export function pci_get_drvdata<T>(pdev: PciDev): T;
/** `pci_get_drvdata` of the device behind `dev`. */
export function to_pci_dev(dev: Device): PciDev;
/** `0000:01:00.0` */
export function pci_name(pdev: PciDev): string;
