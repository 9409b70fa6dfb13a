package io.hdl.data.cache;

import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Where an object lies in a tier: {@code account/container/folder/size~name}. No two objects have
 * one place. A name stays readable; what file systems do not take, and what has a meaning here, is
 * written as {@code %XX}, and a name too long for them is cut and ends with a hash.
 */
final class MirrorNames {
  /** Ends the size in the name of a file; no folder's name has it. */
  static final char SIZE_MARK = '~';

  /** The one folder of a tier that mirrors nothing. */
  static final String STATE = ".hdl";

  private static final String UNSAFE = "%~<>:\"|?*\\";
  private static final int LONGEST = 180;
  private static final int KEPT = 120;
  private static final List<String> AZURE =
      List.of(".dfs.core.windows.net", ".blob.core.windows.net");

  private MirrorNames() {}

  /** The place of a folder: names joined by slashes. */
  static String folder(URI uri) {
    StringBuilder place = new StringBuilder(root(uri));
    for (String name : names(uri)) {
      place.append('/').append(folderName(name));
    }
    return place.toString();
  }

  /** The place of the folder that an object is in. */
  static String parent(URI uri) {
    List<String> names = objectNames(uri);
    StringBuilder place = new StringBuilder(root(uri));
    for (String name : names.subList(0, names.size() - 1)) {
      place.append('/').append(folderName(name));
    }
    return place.toString();
  }

  /** The name of an object of a size in its folder. */
  static String file(URI uri, long size) {
    List<String> names = objectNames(uri);
    return size + String.valueOf(SIZE_MARK) + shortened(escaped(names.get(names.size() - 1)));
  }

  /** The names of an object's path below a folder; what it is named in a mirror. */
  static List<String> below(URI folder, URI object) {
    List<String> above = names(folder);
    List<String> names = objectNames(object);
    boolean inside =
        root(folder).equals(root(object))
            && names.size() > above.size()
            && names.subList(0, above.size()).equals(above);
    List<String> rest = inside ? names.subList(above.size(), names.size()) : List.of();
    if (rest.isEmpty() || rest.stream().anyMatch(MirrorNames::leadsAway)) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "file: " + object + " (expected: a file below " + folder + ")");
    }
    return rest;
  }

  private static boolean leadsAway(String name) {
    return name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0;
  }

  private static String root(URI uri) {
    String scheme = Objects.requireNonNullElse(uri.getScheme(), "file").toLowerCase(Locale.ROOT);
    String authority = Objects.requireNonNullElse(uri.getAuthority(), "");
    if (scheme.equals("abfs") || scheme.equals("abfss")) {
      int at = authority.lastIndexOf('@');
      if (at > 0) {
        return folderName(account(authority.substring(at + 1)))
            + "/"
            + folderName(authority.substring(0, at));
      }
    }
    // A plus sign, so that it is no account.
    return shortened(escaped(scheme + "+" + authority.toLowerCase(Locale.ROOT)));
  }

  private static String account(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    for (String suffix : AZURE) {
      if (lower.endsWith(suffix)) {
        return lower.substring(0, lower.length() - suffix.length());
      }
    }
    return lower;
  }

  private static List<String> objectNames(URI uri) {
    List<String> names = names(uri);
    if (names.isEmpty() || names.get(names.size() - 1).isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "file: " + uri + " (expected: the address of a file)");
    }
    return names;
  }

  private static List<String> names(URI uri) {
    String path = Objects.requireNonNullElse(uri.getPath(), "");
    String relative = path.startsWith("/") ? path.substring(1) : path;
    String trimmed =
        relative.endsWith("/") ? relative.substring(0, relative.length() - 1) : relative;
    return trimmed.isEmpty() ? List.of() : List.of(trimmed.split("/", -1));
  }

  private static String folderName(String name) {
    if (name.isEmpty()) {
      return "%";
    }
    String safe = escaped(name);
    boolean taken = name.equals(".") || name.equals("..") || name.startsWith(STATE);
    return shortened(taken ? "%2E" + safe.substring(1) : safe);
  }

  private static String escaped(String name) {
    StringBuilder safe = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      // Beyond ASCII file systems and locales differ in what they take for the same.
      if (b >= ' ' && b < 127 && UNSAFE.indexOf(b) < 0) {
        safe.append((char) b);
      } else {
        safe.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
    }
    return safe.toString();
  }

  private static String shortened(String safe) {
    if (safe.length() <= LONGEST) {
      return safe;
    }
    String hash = Hashing.sha256().hashString(safe, StandardCharsets.US_ASCII).toString();
    // An h is no hexadecimal digit: no name that was only escaped looks like this.
    return safe.substring(0, KEPT) + "%h" + hash.substring(0, 40);
  }
}
