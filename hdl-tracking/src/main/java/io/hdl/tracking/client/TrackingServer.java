package io.hdl.tracking.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A tracking server and how it is spoken to. Immutable.
 *
 * @param base address without user, query and trailing slash
 * @param credentials what it is shown
 */
public record TrackingServer(URI base, Credentials credentials) {
  /** Brings the address into its plain form. */
  public TrackingServer {
    String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
    if (base.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "tracking server: an address of scheme \""
              + scheme
              + "\" (expected: http://host:port or https://host:port)");
    }
    try {
      String path = base.getRawPath() == null ? "" : base.getRawPath().replaceFirst("/+$", "");
      base =
          new URI(
              scheme
                  + "://"
                  + new URI(null, null, base.getHost(), base.getPort(), null, null, null)
                      .getRawAuthority()
                  + path);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("tracking server: no proper address", e);
    }
  }

  /** The page that shows a run to people. */
  public String link(String experimentId, String runId) {
    return base + "/#/experiments/" + experimentId + "/runs/" + runId;
  }

  /** The address of an endpoint; the path begins with a slash and is encoded already. */
  URI endpoint(String path) {
    return URI.create(base + path);
  }

  /** Encodes one segment of a path. */
  static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The address alone. */
  @Override
  public String toString() {
    return base.toString();
  }
}
