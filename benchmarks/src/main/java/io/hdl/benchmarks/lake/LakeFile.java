package io.hdl.benchmarks.lake;

import java.net.URI;

/**
 * The file that is fetched.
 *
 * @param endpoint the service: scheme, host and port
 * @param account the storage account
 * @param key the account's key, for those that sign with one
 * @param container its container
 * @param name its name
 * @param size its length in bytes
 */
record LakeFile(
    URI endpoint, String account, String key, String container, String name, long size) {
  boolean isSecure() {
    return "https".equals(endpoint.getScheme());
  }

  URI uri() {
    return URI.create(endpoint + "/" + account + "/" + container + "/" + name);
  }
}
