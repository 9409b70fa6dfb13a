package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the writer's thread puts entries. Called by that thread, unless it says otherwise. */
interface Store extends AutoCloseable {
  /** Adds an item to what is pending, in the form in which it is kept; or nothing. */
  void add(int run, Item item, Entries pending);

  /** Adds what {@link #add} held back; nothing more is going to come. */
  void addHeldBack(Entries pending);

  /** Keeps entries from the head on and removes them; those stay that cannot be kept now. */
  void keep(Entries pending);

  /** Why entries could not be kept last; null if they could. Any thread. */
  @Nullable HdlException failure();

  /** Brings what was kept to the disk; false if that fails or takes longer. Any thread. */
  boolean force(Duration limit);

  /** Metric values that {@link #add} dropped. Any thread. */
  long thinned();

  @Override
  void close();
}
