package io.hdl.data.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.DeletionVectorUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.DeletedRows;
import java.nio.file.Path;
import java.util.Optional;

/** Names the rows of a data file that are deleted; they are read when they are asked for. */
public final class DeletionVector {
  private final String tableRoot;
  private final DeletionVectorDescriptor descriptor;

  DeletionVector(String tableRoot, DeletionVectorDescriptor descriptor) {
    this.tableRoot = tableRoot;
    this.descriptor = descriptor;
  }

  /** Number of deleted rows. */
  public long count() {
    return descriptor.getCardinality();
  }

  /** The file that it is kept in, unless the log itself holds it. */
  Optional<Path> file() {
    return descriptor.isOnDisk()
        ? Optional.of(LocalFileIO.path(descriptor.getAbsolutePath(tableRoot)))
        : Optional.empty();
  }

  /**
   * Reads the deleted rows.
   *
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if they cannot be read
   */
  public DeletedRows load() {
    try {
      long[] positions =
          DeletionVectorUtils.loadNewDvAndBitmap(KernelEngine.get(), tableRoot, descriptor)
              ._2
              .toArray();
      if (positions.length != count()) {
        throw new HdlException(
            ErrorCode.CORRUPT_DATA,
            "Cannot read the deletion vector "
                + descriptor.getUniqueId()
                + " of "
                + tableRoot
                + ": it holds "
                + positions.length
                + " rows, the log says "
                + count()
                + ". Restore the table or read an earlier version.");
      }
      return DeletedRows.at(positions);
    } catch (HdlException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot read the deletion vector "
              + descriptor.getUniqueId()
              + " of "
              + tableRoot
              + ": "
              + FailureText.of(e)
              + ". Restore the table or read an earlier version.",
          e);
    }
  }

  @Override
  public String toString() {
    return descriptor.getUniqueId();
  }
}
