package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import java.net.URI;
import java.net.URISyntaxException;
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

  /** What an address means. For a Databricks workspace it may read the configuration file. */
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
                ? server(text, credentials, environment)
                : new Directory(Path.of(text));
        case "file" -> new Directory(Path.of(new URI(text)));
        case "http", "https", "databricks", "azureml" -> server(text, credentials, environment);
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

  /** Shown what was chosen, or what the environment has. */
  private static Location server(
      String text, Optional<Credentials> chosen, Map<String, String> environment) {
    try {
      return new Server(
          chosen
              .map(shown -> TrackingServer.of(text, environment, shown))
              .orElseGet(() -> TrackingServer.of(text, environment)));
    } catch (HdlException e) {
      return new Unusable(String.valueOf(e.getMessage()));
    }
  }
}
