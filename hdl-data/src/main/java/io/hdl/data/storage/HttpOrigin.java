package io.hdl.data.storage;

import java.net.URI;
import java.util.Locale;

/**
 * A server to connect to.
 *
 * @param tls whether over TLS
 * @param host its name or address
 * @param port its port
 */
record HttpOrigin(boolean tls, String host, int port) {
  static HttpOrigin of(URI target) {
    String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    String host = target.getHost();
    if (host == null || !(tls || scheme.equals("http"))) {
      throw new IllegalArgumentException("no http or https address");
    }
    int port = target.getPort() >= 0 ? target.getPort() : tls ? 443 : 80;
    return new HttpOrigin(tls, host, port);
  }

  /** Host and port, as in the Host header; the port left out where it is the scheme's own. */
  String authority() {
    return port == (tls ? 443 : 80) ? host : hostAndPort();
  }

  String hostAndPort() {
    return host + ":" + port;
  }

  URI uri() {
    return URI.create((tls ? "https://" : "http://") + hostAndPort() + "/");
  }

  /** The host as the name service and certificates know it: an IPv6 address without brackets. */
  String name() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
