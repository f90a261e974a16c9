/** The registers of a DMA remapping unit (Intel VT-d 3.4, chapter 11). */
import { defineRegisters } from "../core/register-map";

/** 39 bits of address, three levels, 64 Ki domains, one fault record at 0x220; pages of 4 KiB, 2 MiB, 1 GiB. */
export const CAP = 0x00d2_008c_2226_0206n;
/** Invalidation by register at 0xf0; pass-through. Neither queued invalidation nor interrupt remapping. */
export const ECAP = 0x00f0_0f40n;

// biome-ignore format: a table, as in the specification
export const dmarRegisters = defineRegisters({
  VER: { at: 0x000, width: 32, access: "ro", reset: 0x10, doc: "Version.", spec: "VT-d 11.4.1", fields: {
    MIN: { bits: [3, 0], doc: "Minor." },
    MAX: { bits: [7, 4], doc: "Major." },
  } },
  CAP: { at: 0x008, width: 64, access: "ro", doc: "What the unit can do.", spec: "VT-d 11.4.2", fields: {
    ND: { bits: [2, 0], doc: "Domains, 16 << 2n." },
    CM: { bits: 7, doc: "Caching mode: also what is not present is cached." },
    SAGAW: { bits: [12, 8], doc: "Address widths: bit 1 is 39 bits, bit 2 is 48." },
    MGAW: { bits: [21, 16], doc: "Bits of a DMA address, less one." },
    FRO: { bits: [33, 24], doc: "Where the fault records are, in 16 bytes." },
    SLLPS: { bits: [37, 34], doc: "Large pages: 2 MiB, 1 GiB." },
    NFR: { bits: [47, 40], doc: "Fault records, less one." },
  } },
  ECAP: { at: 0x010, width: 64, access: "ro", doc: "What else it can do.", spec: "VT-d 11.4.3", fields: {
    QI: { bits: 1, doc: "Queued invalidation." },
    IR: { bits: 3, doc: "Interrupt remapping." },
    PT: { bits: 6, doc: "Pass-through." },
    IRO: { bits: [17, 8], doc: "Where IVA and IOTLB are, in 16 bytes." },
  } },
  GCMD: { at: 0x018, width: 32, access: "wo", doc: "Commands.", spec: "VT-d 11.4.4.1", fields: {
    SRTP: { bits: 30, doc: "Take the root table that RTADDR points to." },
    TE: { bits: 31, doc: "Translate." },
  } },
  GSTS: { at: 0x01c, width: 32, access: "ro", doc: "State of the commands.", spec: "VT-d 11.4.4.2", fields: {
    RTPS: { bits: 30, doc: "The root table is taken." },
    TES: { bits: 31, doc: "Requests are translated." },
  } },
  RTADDR: { at: 0x020, width: 64, access: "rw", doc: "Physical address of the root table.", spec: "VT-d 11.4.5" },
  CCMD: { at: 0x028, width: 64, access: "rw", doc: "Invalidates cached context entries.", spec: "VT-d 11.4.6.1", fields: {
    DID: { bits: [15, 0], doc: "Domain." },
    SID: { bits: [31, 16], doc: "Requester id." },
    CIRG: { bits: [62, 61], doc: "Which: all, a domain's, a device's.", values: { GLOBAL: 1, DOMAIN: 2, DEVICE: 3 } },
    ICC: { bits: 63, doc: "Invalidate; reads 1 until done." },
  } },
  FSTS: { at: 0x034, width: 32, access: "ro", doc: "Faults.", spec: "VT-d 11.4.7.1", fields: {
    PFO: { bits: 0, access: "w1c", doc: "A fault found no free record and is lost." },
    PPF: { bits: 1, doc: "A record holds a fault." },
    FRI: { bits: [15, 8], doc: "The record to read first." },
  } },
  FECTL: { at: 0x038, width: 32, access: "rw", reset: -0x8000_0000, doc: "The fault interrupt.", spec: "VT-d 11.4.7.2", fields: {
    IP: { bits: 30, access: "ro", doc: "It waits." },
    IM: { bits: 31, doc: "It is masked." },
  } },
  FEDATA: { at: 0x03c, width: 32, access: "rw", doc: "Data of its message.", spec: "VT-d 11.4.7.3" },
  FEADDR: { at: 0x040, width: 32, access: "rw", doc: "Address of its message.", spec: "VT-d 11.4.7.4" },
  FEUADDR: { at: 0x044, width: 32, access: "rw", doc: "Upper half of that address.", spec: "VT-d 11.4.7.5" },
  IVA: { at: 0x0f0, width: 64, access: "rw", doc: "The page to invalidate.", spec: "VT-d 11.4.8.2", fields: {
    AM: { bits: [5, 0], doc: "Low bits of the page number that do not matter." },
    IH: { bits: 6, doc: "Only the last level changed." },
    ADDR: { bits: [63, 12], doc: "Page number." },
  } },
  IOTLB: { at: 0x0f8, width: 64, access: "rw", doc: "Invalidates cached translations.", spec: "VT-d 11.4.8.1", fields: {
    DID: { bits: [47, 32], doc: "Domain." },
    IAIG: { bits: [58, 57], access: "ro", doc: "What was invalidated.", values: { GLOBAL: 1, DOMAIN: 2, PAGE: 3 } },
    IIRG: { bits: [61, 60], doc: "What to invalidate.", values: { GLOBAL: 1, DOMAIN: 2, PAGE: 3 } },
    IVT: { bits: 63, doc: "Invalidate; reads 1 until done." },
  } },
  FRCD_LOW: { at: 0x220, width: 64, access: "ro", doc: "The fault's address.", spec: "VT-d 11.4.7.9", fields: {
    FI: { bits: [63, 12], doc: "Page number." },
  } },
  FRCD_SOURCE: { at: 0x228, width: 32, access: "ro", doc: "Who caused the fault.", spec: "VT-d 11.4.7.9", fields: {
    SID: { bits: [15, 0], doc: "Requester id." },
  } },
  FRCD_HIGH: { at: 0x22c, width: 32, access: "ro", doc: "The fault.", spec: "VT-d 11.4.7.9", fields: {
    FR: { bits: [7, 0], doc: "Reason." },
    T: { bits: 30, doc: "1: a read, 0: a write." },
    F: { bits: 31, access: "w1c", doc: "The record holds a fault." },
  } },
});
