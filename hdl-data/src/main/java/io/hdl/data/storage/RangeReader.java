package io.hdl.data.storage;

import java.net.URI;

/** Reads ranges of objects. Thread-safe. */
@FunctionalInterface
public interface RangeReader {
  /** In place of a version: whatever is there. */
  String ANY_VERSION = "*";

  /**
   * Asks for a range once: no repetition, whatever fails.
   *
   * @param object its address
   * @param from the first byte
   * @param length how many bytes, at least 1; all of them lie within the object
   * @param ifMatch the version that is wanted, an ETag, or {@link #ANY_VERSION}
   * @return an answer that begins at {@code from}; the caller closes it
   * @throws ObjectChangedException if the object is not of that version any more
   * @throws io.hdl.core.error.HdlException with {@code NOT_FOUND}, {@code UNAUTHENTICATED}, {@code
   *     PERMISSION_DENIED}, or {@code UNAVAILABLE} for what may pass by itself; with {@code
   *     CANCELLED} if the thread is interrupted
   */
  RangeResponse open(URI object, long from, long length, String ifMatch);
}
