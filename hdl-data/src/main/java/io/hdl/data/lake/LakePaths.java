package io.hdl.data.lake;

import io.hdl.data.storage.LakeAddress;
import java.net.URI;

/** Parts of the addresses of objects. */
final class LakePaths {
  private LakePaths() {}

  /** The folder that an object lies in. */
  static URI parent(URI object) {
    LakeAddress address = LakeAddress.of(object);
    int slash = address.path().lastIndexOf('/');
    return new LakeAddress(
            address.scheme(),
            address.account(),
            address.container(),
            slash < 0 ? "" : address.path().substring(0, slash),
            address.host())
        .uri();
  }

  /** The last part of an address, not percent-encoded. */
  static String name(URI object) {
    String path = object.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
