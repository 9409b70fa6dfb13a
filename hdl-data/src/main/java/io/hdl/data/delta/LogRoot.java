package io.hdl.data.delta;

import java.net.URI;
import java.net.URISyntaxException;

/** What the log libraries are told of where a table lies, and what they make of it. */
final class LogRoot {
  private LogRoot() {}

  /** The table's folder as the log libraries get it: an absolute path, or the table's address. */
  static String of(TableFiles table) {
    return table instanceof LocalTableFiles local ? local.root().toString() : table.address();
  }

  /**
   * The address of a file that Kernel names by its full path, which is not percent-encoded beyond
   * the root.
   */
  static String address(TableFiles table, String path) {
    if (table.location() == TableFiles.Location.LOCAL) {
      return LocalFileIO.path(path).toString();
    }
    String root = of(table) + "/";
    try {
      if (path.startsWith(root)) {
        return table.resolve(
            new URI(null, null, path.substring(root.length()), null).toASCIIString());
      }
      int authority = path.indexOf("://");
      int slash = path.indexOf('/', authority + 3);
      if (authority < 0 || slash < 0) {
        return table.resolve(path);
      }
      return table.resolve(
          new URI(
                  path.substring(0, authority),
                  path.substring(authority + 3, slash),
                  path.substring(slash),
                  null,
                  null)
              .toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("\"" + path + "\" is no path of a file", e);
    }
  }
}
