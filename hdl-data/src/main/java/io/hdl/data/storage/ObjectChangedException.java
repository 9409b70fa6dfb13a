package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import org.jspecify.annotations.Nullable;

/**
 * An object that is not the version that was asked for (HTTP 412): whoever holds parts of the other
 * version has to begin anew. Data files of Delta tables never change; one that does was replaced.
 */
public final class ObjectChangedException extends HdlException {
  private static final long serialVersionUID = 1L;

  /** A change with the object's address in its message. */
  public ObjectChangedException(String message) {
    this(message, null);
  }

  /** A change that another failure told of. */
  public ObjectChangedException(String message, @Nullable Throwable cause) {
    super(ErrorCode.CORRUPT_DATA, message, cause);
  }
}
