package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.storage.ObjectStores;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds what lies behind the root of artifacts, by its scheme. Thread-safe; owns its stores. */
final class ArtifactPlaces implements AutoCloseable {
  private final Endpoints endpoints;
  private final Multipart multipart;
  private final ConcurrentHashMap<String, ArtifactPlace> places = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ObjectStore> stores = new ConcurrentHashMap<>();

  ArtifactPlaces(Endpoints endpoints, Multipart multipart) {
    this.endpoints = endpoints;
    this.multipart = multipart;
  }

  /**
   * The place at a root.
   *
   * @throws HdlException with {@code UNSUPPORTED_FEATURE} if nothing here reaches its scheme
   */
  ArtifactPlace at(String root) {
    return places.computeIfAbsent(root, this::open);
  }

  private ArtifactPlace open(String root) {
    URI uri = ObjectStores.uri(root);
    String scheme = uri.getScheme() == null ? "file" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "mlflow-artifacts" -> ServedArtifacts.of(endpoints.http(), multipart, uri);
      case "http", "https" -> ServedArtifacts.at(endpoints.http(), multipart, uri);
      case "file", "abfss", "abfs" -> new StoredArtifacts(store(uri), uri);
      case "dbfs" -> SignedArtifacts.of(endpoints, multipart, uri);
      default ->
          throw new HdlException(
              ErrorCode.UNSUPPORTED_FEATURE,
              "Cannot reach artifacts of the scheme \"%s\" (known: mlflow-artifacts, http, https, file, abfss, abfs, dbfs). Start the server with --serve-artifacts, or use an experiment whose artifacts it serves."
                  .formatted(scheme));
    };
  }

  /** With the identity that the server is shown, where it is one of Azure. */
  private ObjectStore store(URI uri) {
    String key = uri.getScheme() + "://" + uri.getRawAuthority();
    Optional<TokenSource> identity =
        endpoints.http().server().credentials() instanceof Credentials.Tokens tokens
            ? Optional.of(tokens.source())
            : Optional.empty();
    return stores.computeIfAbsent(
        key,
        unopened ->
            identity.isPresent() ? ObjectStores.open(uri, identity.get()) : ObjectStores.open(uri));
  }

  @Override
  public void close() {
    stores.values().forEach(ObjectStore::close);
    stores.clear();
    places.clear();
  }
}
