package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore;
import java.net.URI;
import java.util.List;

/** A store of the lake. */
public abstract class LakeStore implements ObjectStore {
  LakeStore() {}

  /** Opens a store. */
  public static LakeStore open(LakeAddress address, LakeAccess access) {
    throw new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE, "Cannot open " + address + ": no store serves it.");
  }

  /** The objects directly in a folder from a name on, by name. */
  public abstract List<Stat> listFrom(URI folder, String firstName);

  /** Reads ranges of objects. */
  public abstract RangeReader ranges();
}
