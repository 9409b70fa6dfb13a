package io.hdl.data.transfer;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.util.Optional;

/**
 * A file of the lake that never changes, as a table's log or a listing names it.
 *
 * @param uri its address
 * @param size its length in bytes
 * @param etag its version mark, if it is known; then no other version is taken
 */
public record RemoteFile(URI uri, long size, Optional<String> etag) {
  /** Checks the size. */
  public RemoteFile {
    if (size < 0) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, "size: " + size + " (expected: >= 0)");
    }
  }

  /** A file whose version mark is not known. */
  public static RemoteFile of(URI uri, long size) {
    return new RemoteFile(uri, size, Optional.empty());
  }
}
