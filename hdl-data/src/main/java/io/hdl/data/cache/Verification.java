package io.hdl.data.cache;

/** What is checked of a file of a tier each time before it is read. */
public enum Verification {
  /** Nothing but that it is there. */
  NONE,
  /** Its length, and what is recorded of it. */
  LENGTH,
  /** Its length and its CRC-32C: the whole file is read. */
  CHECKSUM
}
