package io.hdl.train.parallel;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import com.google.common.base.Suppliers;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an NDManager holds, and the Java memory of the arrays that it no longer holds.
 *
 * <p>{@code array.mul(2)} in a Block makes an array of the number, on the CPU one that reads a Java
 * buffer, and closes it at once. The engine keeps its half of the array for the backward pass, and
 * reads what lies there by then if the garbage collector has taken the buffer meanwhile. DJL has no
 * place to say that the buffer is needed longer, so a step's manager holds its arrays in one of
 * these: what leaves it, or a manager below it, leaves its buffer behind until the step's manager
 * is closed. Used by the thread that the manager belongs to.
 */
final class KeptNumbers extends ConcurrentHashMap<String, AutoCloseable> {
  private static final long serialVersionUID = 1;

  /** Whose arrays they are. */
  private enum Level {
    STEP,
    BELOW
  }

  /** The two fields of DJL that this needs. */
  private record Fields(VarHandle held, VarHandle buffer) {}

  private static final Supplier<Fields> FIELDS = Suppliers.memoize(KeptNumbers::fields);

  private final transient Queue<ByteBuffer> kept;
  private final Level level;

  private KeptNumbers(Queue<ByteBuffer> kept, Level level) {
    this.kept = kept;
    this.level = level;
  }

  /** Lets a manager and those below it keep them until it is closed; it must not hold any yet. */
  static void in(NDManager fresh) {
    int held = new KeptNumbers(new ConcurrentLinkedQueue<>(), Level.STEP).replace(fresh);
    if (held > 0) {
      throw new IllegalStateException("The manager holds " + held + " arrays already");
    }
  }

  /** Puts itself in if the manager holds nothing yet; gives how many it holds. */
  private int replace(NDManager manager) {
    VarHandle held = FIELDS.get().held();
    int before = ((ConcurrentHashMap<?, ?>) held.get((BaseNDManager) manager)).size();
    if (before == 0) {
      held.set((BaseNDManager) manager, this);
    }
    return before;
  }

  @Override
  public @Nullable AutoCloseable put(String id, AutoCloseable resource) {
    if (resource instanceof NDManager below) {
      new KeptNumbers(kept, Level.BELOW).replace(below);
    }
    return super.put(id, resource);
  }

  @Override
  public @Nullable AutoCloseable remove(Object id) {
    AutoCloseable gone = super.remove(id);
    keep(gone);
    return gone;
  }

  /** What a manager asks for before it closes all of them. */
  @Override
  public Collection<AutoCloseable> values() {
    Collection<AutoCloseable> values = super.values();
    values.forEach(this::keep);
    return values;
  }

  /** What a manager does last when it is closed. */
  @Override
  public void clear() {
    super.clear();
    if (level == Level.STEP) {
      kept.clear();
    }
  }

  private void keep(@Nullable AutoCloseable resource) {
    if (resource instanceof PtNDArray array) {
      ByteBuffer buffer = (ByteBuffer) FIELDS.get().buffer().get(array);
      if (buffer != null) {
        kept.add(buffer);
      }
    }
  }

  private static Fields fields() {
    try {
      MethodHandles.Lookup own = MethodHandles.lookup();
      return new Fields(
          MethodHandles.privateLookupIn(BaseNDManager.class, own)
              .findVarHandle(BaseNDManager.class, "resources", ConcurrentHashMap.class),
          MethodHandles.privateLookupIn(PtNDArray.class, own)
              .findVarHandle(PtNDArray.class, "dataRef", ByteBuffer.class));
    } catch (ReflectiveOperationException e) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH,
          "Cannot keep the numbers of a step: this DJL holds arrays in another way ("
              + e.getMessage()
              + "). Bring the versions of DJL that docs/dependencies.md names.",
          e);
    }
  }
}
