package io.hdl.data.cache;

import org.jspecify.annotations.Nullable;

/** The lock of a file, held by one owner after the other. Belongs to one thread at a time. */
final class KeyLock implements AutoCloseable {
  private final boolean held;
  private LockFile.@Nullable Held lock;

  private KeyLock(boolean held, LockFile.@Nullable Held lock) {
    this.held = held;
    this.lock = lock;
  }

  static KeyLock of(LockFile.@Nullable Held lock) {
    return new KeyLock(lock != null, lock);
  }

  /** Others may bring the same file. */
  static KeyLock none() {
    return new KeyLock(false, null);
  }

  /** Nobody else can bring the file. */
  static KeyLock needless() {
    return new KeyLock(true, null);
  }

  boolean isHeld() {
    return held;
  }

  /** Hands it to another owner; this one holds nothing any more. */
  KeyLock handOver() {
    KeyLock next = new KeyLock(held, lock);
    lock = null;
    return next;
  }

  @Override
  public void close() {
    LockFile.Held present = lock;
    lock = null;
    if (present != null) {
      present.close();
    }
  }
}
