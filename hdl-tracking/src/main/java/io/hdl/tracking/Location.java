package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
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

  /** What an address means, in the environment of this process. */
  static Location of(String address, Optional<Credentials> credentials) {
    return of(address, credentials, System.getenv());
  }

  /** What an address means. Of a Databricks workspace it may read the configuration file. */
  static Location of(
      String address, Optional<Credentials> credentials, Map<String, String> environment) {
    String text = address.strip();
    if (text.isEmpty()) {
      return new Home();
    }
    Matcher matcher = SCHEME.matcher(text);
    String scheme = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    try {
      return switch (scheme) {
        case "" ->
            text.equals("databricks")
                ? workspace(text, credentials, environment)
                : new Directory(Path.of(text));
        case "file" -> new Directory(Path.of(new URI(text)));
        case "http", "https" -> server(new URI(text), scheme, credentials, environment);
        case "databricks", "azureml" -> workspace(text, credentials, environment);
        case "sqlite", "postgresql", "mysql", "mssql" ->
            new Unusable(
                "tracking: a database address of scheme \"%s\" (expected: the http address of a server; start one with `mlflow server --backend-store-uri ...` and give its address)"
                    .formatted(scheme));
        default ->
            new Unusable(
                "tracking: an address of scheme \"%s\" (expected: http, https, file, databricks, azureml or a path)"
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

  /** A workspace of Databricks or Azure Machine Learning signs in by itself. */
  private static Location workspace(
      String text, Optional<Credentials> credentials, Map<String, String> environment) {
    try {
      return new Server(
          credentials
              .map(shown -> TrackingServer.of(text, environment, shown))
              .orElseGet(() -> TrackingServer.of(text, environment)));
    } catch (HdlException e) {
      return new Unusable(String.valueOf(e.getMessage()));
    }
  }

  /** A user and a password may stand in the address; they move to where they are not shown. */
  private static Location server(
      URI uri, String scheme, Optional<Credentials> credentials, Map<String, String> environment) {
    if (uri.getHost() == null) {
      return new Unusable(
          "tracking: an address of scheme \"%s\" without a host (expected: %s://host:port)"
              .formatted(scheme, scheme));
    }
    if (uri.getHost().endsWith(".azureml.ms")) {
      return workspace(uri.toString(), credentials, environment);
    }
    return new Server(new TrackingServer(uri, credentials.orElseGet(() -> within(uri))));
  }

  private static Credentials within(URI uri) {
    String user = uri.getRawUserInfo();
    if (user == null || !user.contains(":")) {
      return Credentials.none();
    }
    int colon = user.indexOf(':');
    return Credentials.basic(decode(user.substring(0, colon)), decode(user.substring(colon + 1)));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
