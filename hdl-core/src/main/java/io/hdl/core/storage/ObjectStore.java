package io.hdl.core.storage;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads, lists and publishes objects by URI, whatever lies behind their scheme. Thread-safe.
 *
 * <p>An object appears whole or not at all: {@link #publish} never shows a reader half a file.
 */
public interface ObjectStore extends AutoCloseable {
  /**
   * What is known of an object without reading it.
   *
   * @param uri address
   * @param size length in bytes
   * @param modified when it was last written
   * @param etag version mark of the service, if it has one
   */
  record Stat(URI uri, long size, Instant modified, Optional<String> etag) {}

  /** Whether this store serves the address. */
  boolean serves(URI uri);

  /** The object's facts, or empty if there is no such object. */
  Optional<Stat> stat(URI uri);

  /** All objects directly below a folder, by name; empty if the folder does not exist. */
  List<Stat> list(URI folder);

  /**
   * Opens a range of an object.
   *
   * @param offset first byte
   * @param length number of bytes; the stream ends after them or at the object's end
   * @throws io.hdl.core.error.HdlException with {@code NOT_FOUND} if there is no such object
   */
  InputStream read(URI uri, long offset, long length);

  /**
   * Publishes a local file under the address, atomically, replacing what was there.
   *
   * @return the facts of the published object
   */
  Stat publish(Path file, URI uri);

  /** Removes an object; no error if it does not exist. */
  void delete(URI uri);

  @Override
  void close();
}
