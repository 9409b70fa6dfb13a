package io.hdl.data.storage;

import java.net.URI;
import java.util.Optional;

/**
 * Where an account's requests go: {@code https://account.dfs.core.windows.net}, or {@code
 * http://127.0.0.1:10000/account} where an endpoint was set.
 *
 * @param base address of the account, without a slash at its end
 * @param given whether the endpoint was set, and the account is the first name of the path
 */
record LakeEndpoint(URI base, boolean given) {
  static LakeEndpoint of(LakeAddress address, Optional<URI> endpoint) {
    return endpoint
        .map(uri -> new LakeEndpoint(URI.create(uri + "/" + address.account()), true))
        .orElseGet(() -> new LakeEndpoint(URI.create("https://" + address.host()), false));
  }

  /** Address of a file or folder, for HTTP. */
  URI target(LakeAddress address) {
    return URI.create(
        container(address)
            + (address.path().isEmpty() ? "" : "/" + LakeAddress.encoded(address.path(), "")));
  }

  /** Address of the container, for HTTP. */
  URI container(LakeAddress address) {
    return URI.create(base + "/" + address.container());
  }

  /** The account's Blob endpoint, which serves containers without a hierarchy. */
  URI blobs() {
    return given ? base : URI.create(base.toString().replaceFirst("\\.dfs\\.", ".blob."));
  }

  boolean isSecure() {
    return "https".equals(base.getScheme());
  }

  /** Host and port, as Hadoop takes an endpoint. */
  String authority() {
    return base.getPort() < 0
        ? base.getHost() + ":" + (isSecure() ? 443 : 80)
        : base.getHost() + ":" + base.getPort();
  }
}
