package io.hdl.data;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.data.storage.LakeAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/** The address of a table: a path, a {@code file:} URI, or an address of a lake. A value. */
record TableAddress(String uri) {
  void check(Problems problems) {
    if (uri.isBlank()) {
      problems.add("table: \"" + uri + "\" (expected: a path, or an address of a lake)");
    } else if (isRemote()) {
      try {
        lake();
      } catch (HdlException e) {
        problems.add("table " + e.getMessage());
      }
    }
  }

  private String scheme() {
    int colon = uri.indexOf(':');
    // One letter is a drive.
    if (colon < 2) {
      return "";
    }
    for (int i = 0; i < colon; i++) {
      char c = uri.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-';
      if (!letter && (i == 0 || !other)) {
        return "";
      }
    }
    return uri.substring(0, colon).toLowerCase(Locale.ROOT);
  }

  /** Whether it is no path of this machine. */
  boolean isRemote() {
    String scheme = scheme();
    return !scheme.isEmpty() && !scheme.equals("file");
  }

  /**
   * The address of a lake.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if it is none
   */
  LakeAddress lake() {
    return LakeAddress.parse(uri);
  }

  Path path() {
    try {
      return scheme().equals("file") ? Path.of(new URI(uri).getPath()) : Path.of(uri);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS, "table: \"" + uri + "\" (expected: a path)", e);
    }
  }
}
