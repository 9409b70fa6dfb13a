package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of artifacts: paths below a root, which they never leave. */
final class ArtifactName {
  private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");

  private ArtifactName() {}

  /**
   * The name, if it leads to a place below the root on every system.
   *
   * @throws HdlException with {@code INVALID_ARGUMENT} otherwise
   */
  static String checked(String name) {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw refused(name, "a path below the root, without empty parts, \".\" and \"..\"");
      }
    }
    if (name.indexOf('\\') >= 0
        || name.chars().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw refused(name, "no backslash, no control character, no half of a character");
    }
    return name;
  }

  /** The same for the root itself, too, which is the empty name. */
  static String checkedFolder(String name) {
    return name.isEmpty() ? name : checked(name);
  }

  /**
   * A name as an MLflow server takes it: it decodes a path until it no longer changes, so that some
   * names would silently become others.
   */
  static String forServer(String name) {
    if (ESCAPE.matcher(name).find()
        || name.indexOf('#') >= 0
        || name.indexOf('?') >= 0
        || name.endsWith(";")) {
      throw refused(
          name,
          "no \"#\", no \"?\", no \";\" at the end and no \"%\" before two hexadecimal digits, which MLflow's server reads as something else");
    }
    return name;
  }

  /** For an address. */
  static String encoded(String name) {
    return Arrays.stream(name.split("/", -1))
        .map(TrackingServer::encode)
        .collect(Collectors.joining("/"));
  }

  /** A name below a folder. */
  static String below(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private static HdlException refused(String name, String expected) {
    return new HdlException(
        ErrorCode.INVALID_ARGUMENT,
        "artifact name: \"" + name + "\" (expected: " + expected + "). Rename the file.");
  }
}
