package io.hdl.data;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/** The address of a table: a path, or a {@code file:} URI. A value. */
record TableAddress(String uri) {
  void check(Problems problems) {
    if (uri.isBlank()) {
      problems.add("table: \"" + uri + "\" (expected: a path)");
    } else if (scheme().length() > 1 && !scheme().equals("file")) {
      problems.add(
          "table: \"" + uri + "\" (expected: a local path; " + scheme() + " is not read yet)");
    }
  }

  private String scheme() {
    int colon = uri.indexOf(':');
    if (colon < 0) {
      return "";
    }
    String scheme = uri.substring(0, colon);
    return scheme.matches("[A-Za-z][A-Za-z0-9+.-]*") ? scheme.toLowerCase(Locale.ROOT) : "";
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
