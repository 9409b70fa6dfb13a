package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something lies in the lake: {@code abfss://container@account.dfs.core.windows.net/path}, or
 * the address of another Hadoop file system, such as {@code s3a://bucket/path}.
 *
 * <pre>{@code
 * LakeAddress table = LakeAddress.parse("abfss://curated@contoso.dfs.core.windows.net/retail/sales");
 * table.resolve("_delta_log/00000000000000000000.json").uri();
 * }</pre>
 *
 * Immutable.
 *
 * @param scheme {@code abfss}, {@code abfs}, {@code s3a}, {@code gs} or {@code hdfs}
 * @param account the storage account; for other schemes than ABFS the scheme
 * @param container the container; for other schemes than ABFS the authority, such as a bucket
 * @param path decoded, without slashes at its ends; empty for the root of the container
 * @param host the endpoint's full host name; for other schemes than ABFS empty
 */
public record LakeAddress(
    String scheme, String account, String container, String path, String host) {
  /** Schemes that are addressed by container and account. */
  private static final Set<String> ABFS = Set.of("abfss", "abfs");

  /** Schemes of other Hadoop file systems. */
  static final Set<String> OTHERS = Set.of("s3a", "gs", "hdfs");

  private static final String FORM = "abfss://<container>@<account>.dfs.core.windows.net/<path>";
  private static final Pattern PARTS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/.*)?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");
  private static final Pattern CONTAINER = Pattern.compile("[A-Za-z0-9$][A-Za-z0-9._$-]*");

  /** Checks the parts. */
  public LakeAddress {
    if (ABFS.contains(scheme) == host.isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "host: \"" + host + "\" (expected: with ABFS, and only then)");
    }
    if (path.startsWith("/") || path.endsWith("/")) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "path: \"" + path + "\" (expected: no slash at its ends)");
    }
    for (String name : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "path: \"" + path + "\" (expected: names without \".\", \"..\" and empty ones)");
      }
    }
  }

  /** Whether addresses of this scheme are lake addresses. */
  public static boolean hasScheme(String scheme) {
    String lower = scheme.toLowerCase(Locale.ROOT);
    return ABFS.contains(lower) || OTHERS.contains(lower);
  }

  /** {@link #parse(String)} of an address's text. */
  public static LakeAddress of(URI uri) {
    return parse(uri.toString());
  }

  /**
   * Reads an address. Its path is percent-encoded, as in every URI.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} that says what is wrong with it
   */
  public static LakeAddress parse(String address) {
    Matcher parts = PARTS.matcher(address.strip());
    if (!parts.matches()) {
      throw malformed(address, "it has no scheme or no //");
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    if (!hasScheme(scheme)) {
      throw malformed(address, hint(scheme));
    }
    String rawPath = parts.group(3) == null ? "" : parts.group(3);
    if (address.indexOf('?') >= 0 || address.indexOf('#') >= 0) {
      throw malformed(
          address, "it has a query or a fragment; a SAS is no part of an address, and not needed");
    }
    String path = decoded(address, rawPath).replaceAll("^/+|/+$", "").replaceAll("/{2,}", "/");
    String authority = parts.group(2);
    if (!ABFS.contains(scheme)) {
      if (authority.isEmpty() && !scheme.equals("hdfs")) {
        throw malformed(address, "it names no bucket");
      }
      return new LakeAddress(scheme, scheme, authority, path, "");
    }
    int at = authority.indexOf('@');
    if (at < 0) {
      throw malformed(address, "it names no container: there is no @");
    }
    String container = authority.substring(0, at);
    String host = authority.substring(at + 1).toLowerCase(Locale.ROOT);
    if (!CONTAINER.matcher(container).matches()) {
      throw malformed(address, "\"" + container + "\" is no name of a container");
    }
    checkHost(address, host);
    return new LakeAddress(scheme, host.substring(0, host.indexOf('.')), container, path, host);
  }

  /**
   * The address of something below.
   *
   * @param name one or more names with slashes between them, not encoded
   */
  public LakeAddress resolve(String name) {
    return new LakeAddress(
        scheme, account, container, path.isEmpty() ? name : path + "/" + name, host);
  }

  /** Whether this is the other address or lies below it, whatever their schemes. */
  boolean isWithin(LakeAddress other) {
    return host.equals(other.host)
        && account.equals(other.account)
        && container.equals(other.container)
        && (other.path.isEmpty() || path.equals(other.path) || path.startsWith(other.path + "/"));
  }

  /** Whether container and account name it. */
  boolean isAbfs() {
    return ABFS.contains(scheme);
  }

  /** The address with its scheme, its path percent-encoded where it has to be. */
  public URI uri() {
    return URI.create(root().concat(path.isEmpty() ? "" : encoded(path, "!$&'()*,;=:@")));
  }

  /** Scheme and authority, with a slash behind them. */
  String root() {
    // Without the JDK's machinery for concatenation, whose first use a warm start would pay for.
    StringBuilder root = new StringBuilder(scheme).append("://").append(container);
    if (isAbfs()) {
      root.append('@').append(host);
    }
    return root.append('/').toString();
  }

  /** Percent-encodes what is neither unreserved (RFC 3986, 2.3), nor a slash, nor kept. */
  static String encoded(String path, String kept) {
    StringBuilder text = new StringBuilder(path.length() + 16);
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0
              || kept.indexOf(c) >= 0;
      if (plain) {
        text.append(c);
      } else {
        text.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return text.toString();
  }

  /** The address as text. */
  @Override
  public String toString() {
    return uri().toString();
  }

  private static void checkHost(String address, String host) {
    if (host.indexOf(':') >= 0) {
      throw malformed(
          address,
          "it names a port; the endpoint of an emulator is set by HDL_ABFS_ENDPOINT or"
              + " LakeAccess.endpoint");
    }
    if (!HOST.matcher(host).matches()) {
      throw malformed(
          address,
          host.isEmpty()
              ? "it names no account"
              : "\"" + host + "\" is no full host name, such as " + host + ".dfs.core.windows.net");
    }
    if (host.contains(".blob.")) {
      throw malformed(address, "it names the Blob endpoint; put .dfs. for .blob.");
    }
  }

  private static String decoded(String address, String rawPath) {
    try {
      // Through URI, which keeps a plus a plus; blanks and the like have to be encoded.
      return new URI("x:".concat(rawPath.isEmpty() ? "/" : rawPath)).getPath();
    } catch (URISyntaxException e) {
      throw malformed(address, "its path is not percent-encoded (a blank is %20)");
    }
  }

  private static String hint(String scheme) {
    return switch (scheme) {
      case "wasb", "wasbs" -> scheme + ": is the older Blob driver; use abfss:";
      case "adl" -> "adl: is Data Lake Storage Gen1, which is retired; use abfss:";
      case "http", "https" -> scheme + ": is the REST interface; use abfss:";
      case "s3", "s3n" -> scheme + ": is not known; use s3a:";
      default -> "the scheme " + scheme + ": is not known";
    };
  }

  private static HdlException malformed(String address, String why) {
    int secret = address.indexOf('?');
    String shown = secret < 0 ? address : address.substring(0, secret) + "?...";
    return new HdlException(
        ErrorCode.INVALID_ARGUMENT, "address: \"" + shown + "\" (expected: " + FORM + "): " + why);
  }
}
