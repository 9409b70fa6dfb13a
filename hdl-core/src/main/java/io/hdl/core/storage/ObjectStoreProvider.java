package io.hdl.core.storage;

import io.hdl.core.identity.TokenSource;
import java.net.URI;
import java.util.Set;

/**
 * Brings a scheme to {@link ObjectStores}. Implementations have a public constructor without
 * arguments and are named in {@code META-INF/services/io.hdl.core.storage.ObjectStoreProvider}.
 */
public interface ObjectStoreProvider {
  /** The schemes whose addresses it opens, in lower case, such as {@code abfss}. */
  Set<String> schemes();

  /** Opens the store behind an address, with the credential that the environment gives. */
  ObjectStore open(URI uri);

  /** Opens the store behind an address with a credential. */
  ObjectStore open(URI uri, TokenSource tokens);
}
