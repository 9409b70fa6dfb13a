package io.hdl.core.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.TokenSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds the store behind an address by its scheme. {@code file:} and plain paths are served by
 * hdl-core; further schemes by the {@link ObjectStoreProvider}s on the class path. Whoever opens a
 * store closes it. Thread-safe.
 */
public final class ObjectStores {
  /** Two characters at least, so that a Windows drive is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  /** Where schemes come from that may be missing. */
  private static final Map<String, String> BROUGHT_BY =
      Map.of("abfss", "hdl-data", "abfs", "hdl-data");

  private ObjectStores() {}

  /**
   * The address that a user means by a text: an address with a scheme, or a path of this machine.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if it is neither
   */
  public static URI uri(String addressOrPath) {
    try {
      if (SCHEME.matcher(addressOrPath).matches()) {
        return new URI(addressOrPath);
      }
      if (!addressOrPath.isBlank()) {
        return pathUri(Path.of(addressOrPath));
      }
    } catch (URISyntaxException | InvalidPathException e) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "address: \"" + addressOrPath + "\" (expected: an address or a path): " + e.getMessage(),
          e);
    }
    throw new HdlException(
        ErrorCode.INVALID_ARGUMENT, "address: \"\" (expected: an address or a path)");
  }

  /**
   * Opens the store behind an address, with the credential that the environment gives.
   *
   * @throws HdlException with {@link ErrorCode#UNSUPPORTED_FEATURE} if nothing serves its scheme
   */
  public static ObjectStore open(URI uri) {
    return isLocal(uri) ? new LocalObjectStore() : provider(uri, load()).open(uri);
  }

  /**
   * Opens the store behind an address with a credential; local files need none.
   *
   * @throws HdlException with {@link ErrorCode#UNSUPPORTED_FEATURE} if nothing serves its scheme
   */
  public static ObjectStore open(URI uri, TokenSource tokens) {
    return isLocal(uri) ? new LocalObjectStore() : provider(uri, load()).open(uri, tokens);
  }

  static ObjectStoreProvider provider(URI uri, Iterable<ObjectStoreProvider> providers) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    TreeSet<String> known = new TreeSet<>();
    known.add("file");
    for (ObjectStoreProvider provider : providers) {
      if (provider.schemes().contains(scheme)) {
        return provider;
      }
      known.addAll(provider.schemes());
    }
    String module = BROUGHT_BY.get(scheme);
    throw new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot open "
            + uri
            + ": nothing on the class path serves the scheme \""
            + scheme
            + "\" (known: "
            + String.join(", ", known)
            + "). "
            + (module == null
                ? "Use one of these, or add a library with an ObjectStoreProvider for it."
                : "Add a release of " + module + " that brings it, or use a mounted path."));
  }

  private static Iterable<ObjectStoreProvider> load() {
    return ServiceLoader.load(ObjectStoreProvider.class, ObjectStores.class.getClassLoader());
  }

  private static boolean isLocal(URI uri) {
    return uri.getScheme() == null || uri.getScheme().equalsIgnoreCase("file");
  }

  /** Without the slash that the JDK adds to folders that exist. */
  private static URI pathUri(Path path) {
    String text = path.toAbsolutePath().normalize().toUri().toString();
    boolean trim = text.endsWith("/") && !text.endsWith(":///");
    return URI.create(trim ? text.substring(0, text.length() - 1) : text);
  }
}
