package io.hdl.data.storage;

import io.hdl.core.retry.RetryAfter;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Asks once whether an account has a hierarchical namespace, and learns on the way whether the
 * container is there and the credential accepted ("Filesystem - Get Properties").
 */
final class NamespaceProbe {
  private NamespaceProbe() {}

  /** True for folders and renames of their own; false for names with slashes. */
  static boolean isHierarchical(
      LakeAddress address, LakeEndpoint endpoint, LakeCredential credential, LakeAccess access) {
    StorageFailure where = new StorageFailure(address, endpoint, credential.description());
    URI target = URI.create(endpoint.container(address) + "?resource=filesystem");
    RequestSigner signer = credential.signer(address.account());
    return access
        .retry()
        .call("open " + address, attempt -> ask(target, signer, where, access.idleTimeout()));
  }

  private static boolean ask(
      URI target, RequestSigner signer, StorageFailure where, Duration idleTimeout) {
    try {
      HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection();
      try {
        connection.setRequestMethod("HEAD");
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) Math.min(10_000, idleTimeout.toMillis()));
        connection.setReadTimeout((int) idleTimeout.toMillis());
        signer.headers("HEAD", target, Map.of()).forEach(connection::setRequestProperty);
        return isHierarchical(connection, where);
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      throw where.broken("open", e);
    }
  }

  private static boolean isHierarchical(HttpURLConnection connection, StorageFailure where)
      throws IOException {
    int status = connection.getResponseCode();
    String enabled = connection.getHeaderField("x-ms-namespace-enabled");
    if (status == 200) {
      return Boolean.parseBoolean(enabled);
    }
    String code = Optional.ofNullable(connection.getHeaderField("x-ms-error-code")).orElse("");
    if (status == 400 || (status == 404 && !StorageFailure.isContainer(code))) {
      // A service that knows containers of blobs alone.
      return false;
    }
    if (status == 403 && code.equals("AuthorizationPermissionMismatch")) {
      // Allowed by access control lists alone, perhaps, and those are found in a hierarchy only.
      return true;
    }
    throw where.answered(
        "open",
        new StorageFailure.Answer(
            status,
            code,
            Optional.ofNullable(connection.getHeaderField("Retry-After"))
                .flatMap(value -> RetryAfter.parse(value, Instant.now()))),
        null);
  }
}
