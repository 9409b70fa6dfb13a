package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of data files as a log writes them: percent-encoded, within the table or absolute. */
final class LogPath {
  private LogPath() {}

  /**
   * Where a file lies.
   *
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if it is no path, with {@link
   *     ErrorCode#UNSUPPORTED_FEATURE} if the file lies on another store
   */
  static Path resolve(Path root, String name) {
    try {
      URI uri = URI.create(name);
      String scheme = uri.getScheme();
      if (scheme != null && !scheme.equals("file")) {
        throw new HdlException(
            ErrorCode.UNSUPPORTED_FEATURE,
            "Cannot read the data file "
                + name
                + " of the table "
                + root
                + ": it lies on another store ("
                + scheme
                + "), as in a shallow clone. Read the table that it was cloned from.");
      }
      if (uri.getPath() == null || uri.getPath().isEmpty()) {
        throw new IllegalArgumentException("no path");
      }
      return scheme == null ? root.resolve(uri.getPath()) : Path.of(uri.getPath());
    } catch (IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot read the log of the table "
              + root
              + ": \""
              + name
              + "\" is no path of a data file ("
              + (e instanceof InvalidPathException ? "not a path" : e.getMessage())
              + "). Repair the table where it is written, or choose another version.",
          e);
    }
  }
}
