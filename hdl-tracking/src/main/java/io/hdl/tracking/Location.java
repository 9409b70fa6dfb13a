package io.hdl.tracking;

import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where runs are kept. */
sealed interface Location {
  /** The directory {@code mlruns} in the home directory of hdl. */
  record Home() implements Location {
    @Override
    public String toString() {
      return "mlruns in the home directory";
    }
  }

  /** A directory. */
  record Directory(Path path) implements Location {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A server. */
  record Server(TrackingServer server) implements Location {
    @Override
    public String toString() {
      return server.toString();
    }
  }

  /** An address that does not work, and why. */
  record Unusable(String problem) implements Location {
    @Override
    public String toString() {
      return "an address that cannot be used";
    }
  }

  /** A scheme has two letters at least: {@code C:\runs} is a path. */
  Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*", Pattern.DOTALL);

  /** What an address means. Reads nothing. */
  static Location of(String address, Optional<Credentials> credentials) {
    String text = address.strip();
    if (text.isEmpty()) {
      return new Home();
    }
    Matcher matcher = SCHEME.matcher(text);
    String scheme = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    try {
      return switch (scheme) {
        case "" -> text.equals("databricks") ? databricks() : new Directory(Path.of(text));
        case "file" -> new Directory(Path.of(new URI(text)));
        case "http", "https" -> server(new URI(text), scheme, credentials);
        case "databricks" -> databricks();
        case "sqlite", "postgresql", "mysql", "mssql" ->
            new Unusable(
                "tracking: a database address of scheme \"%s\" (expected: the http address of a server; start one with `mlflow server --backend-store-uri ...` and give its address)"
                    .formatted(scheme));
        default ->
            new Unusable(
                "tracking: an address of scheme \"%s\" (expected: http, https, file or a path)"
                    .formatted(scheme));
      };
    } catch (URISyntaxException e) {
      return new Unusable(
          "tracking: no proper address: %s at position %d (expected: http://host:port, file:///path or a path)"
              .formatted(e.getReason(), e.getIndex()));
    } catch (InvalidPathException e) {
      return new Unusable("tracking: no proper path: " + e.getReason());
    } catch (IllegalArgumentException e) {
      return new Unusable(String.valueOf(e.getMessage()));
    }
  }

  private static Location databricks() {
    return new Unusable(
        "tracking: databricks (expected: http, https, file or a path; this release does not sign in to Databricks workspaces)");
  }

  /** A user and a password may stand in the address; they move to where they are not shown. */
  private static Location server(URI uri, String scheme, Optional<Credentials> credentials) {
    Credentials shown =
        credentials.orElseGet(
            () -> {
              String user = uri.getRawUserInfo();
              if (user == null || !user.contains(":")) {
                return Credentials.none();
              }
              int colon = user.indexOf(':');
              return Credentials.basic(
                  decode(user.substring(0, colon)), decode(user.substring(colon + 1)));
            });
    if (uri.getHost() == null) {
      return new Unusable(
          "tracking: an address of scheme \"%s\" without a host (expected: %s://host:port)"
              .formatted(scheme, scheme));
    }
    return new Server(new TrackingServer(uri, shown));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
