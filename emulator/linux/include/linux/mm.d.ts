/** Pages and addresses (include/linux/mm.h, arch/x86/include/asm/page.h). */
import type { KernelMem, phys_addr_t } from "linux/types";

export const PAGE_SIZE: 4096;
export const PAGE_SHIFT: 12;
/** Up to the next page border. */
export function PAGE_ALIGN(bytes: number): number;
/** Memory of the direct map, which `virt_to_phys()` takes. */
export function virt_addr_valid(mem: KernelMem): boolean;
/** Memory of `vmalloc()`. */
export function is_vmalloc_addr(mem: KernelMem): boolean;
/** Physical address of `kmalloc()` memory. It is no address for a device: that is `dma_map_single()`'s. */
export function virt_to_phys(mem: KernelMem): phys_addr_t;
/** The direct map's pointer to a page of RAM. */
export function phys_to_virt(address: phys_addr_t): KernelMem;
