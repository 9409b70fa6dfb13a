package io.hdl.data.cache;

/** Who asks for a file. */
enum Asker {
  /** Somebody who waits for it. */
  READER,
  /** What fetches files before they are asked for. */
  AHEAD
}
